//go:build c1_16 || c1_17

package main

import (
	"io"
	"log/slog"

	"github.com/cilium/hive/cell"

	"github.com/cilium/cilium/clustermesh-apiserver/clustermesh"
	"github.com/cilium/cilium/clustermesh-apiserver/kvstoremesh"
	agent "github.com/cilium/cilium/daemon/cmd"
	operator "github.com/cilium/cilium/operator/cmd"
	"github.com/cilium/cilium/pkg/hive"
	"github.com/cilium/cilium/pkg/metrics"
)

func component(name string) []cell.Cell {
	switch name {
	case "agent":
		return []cell.Cell{agent.Agent}
	case "operator":
		metrics.Namespace = metrics.CiliumOperatorNamespace
		return []cell.Cell{operator.Operator}
	case "clustermesh":
		metrics.Namespace = metrics.CiliumClusterMeshAPIServerNamespace
		return []cell.Cell{clustermesh.Cell}
	case "kvstoremesh":
		metrics.Namespace = metrics.CiliumKVStoreMeshNamespace
		return []cell.Cell{kvstoremesh.Cell}
	}
	panic("agent, operator, clustermesh or kvstoremesh")
}

func populate(h *hive.Hive, out io.Writer) error {
	return h.Populate(slog.New(slog.NewTextHandler(out, nil)))
}
