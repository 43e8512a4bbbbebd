//go:build c1_16

package main

import (
	"context"
	"io"
	"net"

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

const capIs16 = false

// What initMetrics of pkg/hubble/metrics does, which is private here and serves by itself.
func handlers(registry *prometheus.Registry, options []string) (func(*pb.Flow) error, error) {
	logrus.SetOutput(io.Discard)
	all, err := api.DefaultRegistry().ConfigureHandlers(registry, api.ParseMetricList(options))
	if err != nil {
		return nil, err
	}
	registry.MustRegister(grpc_prometheus.NewServerMetrics(), metrics.LostEvents, metrics.RequestsTotal, metrics.RequestDuration)
	return func(flow *pb.Flow) error { return all.ProcessFlow(context.Background(), flow) }, nil
}

func newParser() decoder {
	p, err := parser.New(logrus.StandardLogger(), endpoints, identities, &testutils.NoopDNSGetter, addresses,
		&testutils.NoopServiceGetter, &testutils.NoopLinkGetter, &testutils.NoopPodMetadataGetter)
	check(err)
	return p
}

func fill(info *accesslog.EndpointInfo, l labels.Labels) { info.Labels = l.LabelArray() }

func answer(i int) net.IP { return net.IPv4(10, 96, 0, byte(10+i)) }
