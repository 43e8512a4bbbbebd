// The two gRPC servers of an agent's Hubble, as its own cell starts them: the unix socket, and the TCP port that relay
// calls. Each is asked something that agents refuse (GetNodes, which only relay answers), the socket -socket times and
// the port -tcp times, and the exposition of Hubble's metrics goes to standard output.
//
// Of the agent only what these servers read is there: no endpoints, no identities, no events.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"github.com/cilium/hive/cell"
	"github.com/cilium/statedb"
	"github.com/spf13/pflag"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/status"

	pb "github.com/cilium/cilium/api/v1/observer"
	cgroups "github.com/cilium/cilium/pkg/cgroups/manager"
	"github.com/cilium/cilium/pkg/datapath/link"
	"github.com/cilium/cilium/pkg/endpointmanager"
	"github.com/cilium/cilium/pkg/hive"
	hubble "github.com/cilium/cilium/pkg/hubble/cell"
	hubblemetrics "github.com/cilium/cilium/pkg/hubble/metrics/cell"
	identities "github.com/cilium/cilium/pkg/identity/cache/cell"
	"github.com/cilium/cilium/pkg/ipcache"
	kubernetes "github.com/cilium/cilium/pkg/k8s/client"
	"github.com/cilium/cilium/pkg/k8s/watchers"
	"github.com/cilium/cilium/pkg/loadbalancer"
	monitor "github.com/cilium/cilium/pkg/monitor/agent"
	"github.com/cilium/cilium/pkg/monitor/agent/consumer"
	"github.com/cilium/cilium/pkg/node"
	nodes "github.com/cilium/cilium/pkg/node/manager"
)

type noEvents struct{ monitor.Agent }

func (noEvents) RegisterNewConsumer(consumer.MonitorConsumer) {}

func main() {
	socket := flag.Int("socket", 1, "how often the unix socket is asked")
	tcp := flag.Int("tcp", 20, "how often the TCP port is asked")
	flag.Parse()
	directory, err := os.MkdirTemp("", "hubble")
	check(err)
	defer os.RemoveAll(directory)
	path, port, metrics := filepath.Join(directory, "hubble.sock"), free(), free()
	h := hive.New(
		hubble.Cell,
		cell.Provide(
			func() identities.CachingIdentityAllocator { return nil },
			func() endpointmanager.EndpointManager { return nil },
			func() endpointmanager.EndpointsLookup { return nil },
			func() *ipcache.IPCache { return nil },
			func() cgroups.CGroupManager { return nil },
			func() nodes.NodeManager { return nil },
			func() *node.LocalNodeStore { return node.NewTestLocalNodeStore(node.LocalNode{}) },
			func() monitor.Agent { return noEvents{} },
			func() kubernetes.Clientset { return nil },
			func() *watchers.K8sWatcher { return nil },
			func() statedb.Table[*loadbalancer.Frontend] { return nil },
			func() *link.LinkCache { return nil },
		),
		cell.Invoke(func(hubble.HubbleIntegration, hubblemetrics.Server) {}),
	)
	flags := pflag.NewFlagSet("", pflag.ContinueOnError)
	h.RegisterFlags(flags)
	check(flags.Parse([]string{
		"--enable-hubble", "--hubble-disable-tls", "--hubble-socket-path=" + path, "--hubble-listen-address=" + port,
		"--hubble-metrics-server=" + metrics, "--hubble-metrics=drop",
	}))
	check(h.Start(slog.New(slog.NewTextHandler(io.Discard, nil)), context.Background()))
	refused("unix://"+path, *socket)
	refused(port, *tcp)
	answer, err := http.Get("http://" + metrics + "/metrics")
	for tries := 0; err != nil && tries < 100; tries++ { // it starts on its own
		time.Sleep(100 * time.Millisecond)
		answer, err = http.Get("http://" + metrics + "/metrics")
	}
	check(err)
	_, err = io.Copy(os.Stdout, answer.Body)
	check(err)
}

// refused asks a server so often for what it refuses.
func refused(address string, times int) {
	connection, err := grpc.NewClient(address, grpc.WithTransportCredentials(insecure.NewCredentials()))
	check(err)
	client := pb.NewObserverClient(connection)
	within, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	for range times {
		if _, err := client.GetNodes(within, &pb.GetNodesRequest{}, grpc.WaitForReady(true)); err == nil {
			check(fmt.Errorf("%s did not refuse", address))
		} else if status.Code(err) != codes.Unimplemented {
			check(fmt.Errorf("%s: %w", address, err))
		}
	}
}

func free() string {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	check(err)
	defer listener.Close()
	return listener.Addr().String()
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
