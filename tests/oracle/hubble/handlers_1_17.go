//go:build c1_17

package main

import (
	"context"
	"errors"
	"io"
	"net/netip"

	grpc_prometheus "github.com/grpc-ecosystem/go-grpc-prometheus"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/sirupsen/logrus"

	pb "github.com/cilium/cilium/api/v1/flow"
	"github.com/cilium/cilium/pkg/hubble/metrics"
	"github.com/cilium/cilium/pkg/hubble/metrics/api"
	"github.com/cilium/cilium/pkg/hubble/parser"
	"github.com/cilium/cilium/pkg/hubble/testutils"
	"github.com/cilium/cilium/pkg/labels"
	"github.com/cilium/cilium/pkg/proxy/accesslog"
)

const capIs16 = true

// Without a flow processor of its own, this is what pkg/hubble/cell does with static metrics.
func handlers(registry *prometheus.Registry, options []string) (func(*pb.Flow) error, error) {
	logrus.SetOutput(io.Discard)
	if err := metrics.InitMetrics(registry, api.ParseStaticMetricsConfig(options), grpc_prometheus.NewServerMetrics()); err != nil {
		return nil, err
	}
	return func(flow *pb.Flow) (errs error) {
		for _, one := range metrics.EnabledMetrics {
			errs = errors.Join(errs, one.Handler.ProcessFlow(context.Background(), flow))
		}
		return errs
	}, nil
}

func newParser() decoder {
	p, err := parser.New(logrus.StandardLogger(), endpoints, identities, &testutils.NoopDNSGetter, addresses,
		&testutils.NoopServiceGetter, &testutils.NoopLinkGetter, &testutils.NoopPodMetadataGetter, false)
	check(err)
	return p
}

func fill(info *accesslog.EndpointInfo, l labels.Labels) { info.Labels = l.LabelArray() }

func answer(i int) netip.Addr { return netip.AddrFrom4([4]byte{10, 96, 0, byte(10 + i)}) }
