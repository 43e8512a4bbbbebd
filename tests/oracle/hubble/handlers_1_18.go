//go:build !c1_16 && !c1_17

package main

import (
	"context"
	"io"
	"log/slog"
	"net/netip"

	grpc_prometheus "github.com/grpc-ecosystem/go-grpc-prometheus"
	"github.com/prometheus/client_golang/prometheus"

	pb "github.com/cilium/cilium/api/v1/flow"
	"github.com/cilium/cilium/pkg/hubble/metrics"
	"github.com/cilium/cilium/pkg/hubble/metrics/api"
	"github.com/cilium/cilium/pkg/hubble/parser"
	"github.com/cilium/cilium/pkg/hubble/testutils"
	"github.com/cilium/cilium/pkg/labels"
	"github.com/cilium/cilium/pkg/proxy/accesslog"
)

const capIs16 = true

func handlers(registry *prometheus.Registry, options []string) (func(*pb.Flow) error, error) {
	quiet := slog.New(slog.NewTextHandler(io.Discard, nil))
	if err := metrics.InitMetrics(quiet, registry, api.ParseStaticMetricsConfig(options), grpc_prometheus.NewServerMetrics()); err != nil {
		return nil, err
	}
	processor := metrics.NewStaticFlowProcessor(slog.Default(), metrics.EnabledMetrics)
	return func(flow *pb.Flow) error { return processor.ProcessFlow(context.Background(), flow) }, nil
}

func newParser() decoder {
	p, err := parser.New(slog.New(slog.NewTextHandler(io.Discard, nil)), endpoints, identities, &testutils.NoopDNSGetter, addresses,
		&testutils.NoopServiceGetter, &testutils.NoopLinkGetter, &testutils.NoopPodMetadataGetter)
	check(err)
	return p
}

func fill(info *accesslog.EndpointInfo, l labels.Labels) { info.Labels = l.LabelArray() }

func answer(i int) netip.Addr { return netip.AddrFrom4([4]byte{10, 96, 0, byte(10 + i)}) }
