// Hubble's real handlers on known traffic.
//
// Raw monitor events of a made-up node go through Cilium's own parser and then through Cilium's own metric handlers,
// configured by the strings of `hubble.metrics.enabled` that stand as arguments; the exposition goes to standard output.
// -listen ADDR serves it instead and plays the traffic once every second (-once: only when it starts), -values prints
// lists of label values.
package main

import (
	"flag"
	"fmt"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	"github.com/prometheus/common/expfmt"

	pb "github.com/cilium/cilium/api/v1/flow"
	"github.com/cilium/cilium/pkg/hubble/metrics"
	observer "github.com/cilium/cilium/pkg/hubble/observer/types"
)

func main() {
	listen := flag.String("listen", "", "serve here and play the traffic every second")
	values := flag.Bool("values", false, "print the values that labels can take, and nothing else")
	flows := flag.Bool("flows", false, "print what the parser makes of each event, and nothing else")
	scene := flag.String("scene", "all", "all, or one healthy connection a second between two nodes, both with policies, as healthy-a (client's node) or healthy-b (server's node) sees it; healthy-same: both on one node; with -open no policy selects the pods")
	open := flag.Bool("open", false, "no policy selects the pods of a healthy scene")
	once := flag.Bool("once", false, "serve what one play of the traffic counts, and play no more")
	flag.IntVar(&slow, "slow", 1, "HTTP answers take so many times as long")
	flag.Parse()
	if *scene == "healthy-b" {
		client.local, payment.local, payment.id, payment.workload = false, true, 103, "payment"
		client.id, client.workload = 0, ""
		everyone = []place{client, payment, world, host}
	}
	if *values {
		printValues()
		return
	}
	registry := prometheus.NewPedanticRegistry()
	process, err := handlers(registry, flag.Args())
	check(err)
	parser := newParser()
	play := func() {
		played := traffic
		if *scene != "all" {
			played = func() []named { return healthy(*scene, *open) }
		}
		for _, one := range played() {
			event, err := parser.Decode(one.event)
			if err != nil {
				fmt.Fprintf(os.Stderr, "%s: %v\n", one.name, err)
				continue
			}
			flow, ok := event.Event.(*pb.Flow)
			if !ok {
				continue
			}
			if *flows {
				fmt.Printf("%-42s %s\n", one.name, strings.Join(strings.Fields(summary(flow)), " "))
			}
			check(process(flow))
		}
	}
	play()
	if *flows {
		return
	}
	for _, source := range []string{"perf_event_ring_buffer", "observer_events_queue", "hubble_ring_buffer"} {
		metrics.LostEvents.WithLabelValues(source).Add(0)
	}
	handler := promhttp.HandlerFor(registry, promhttp.HandlerOpts{})
	wrapped := promhttp.InstrumentHandlerDuration(metrics.RequestDuration, promhttp.InstrumentHandlerCounter(metrics.RequestsTotal, handler))
	if *listen != "" {
		go func() {
			for range time.Tick(time.Second) {
				if !*once {
					play()
				}
			}
		}()
		http.Handle("/metrics", wrapped)
		check(http.ListenAndServe(*listen, nil))
	}
	metrics.RequestsTotal.WithLabelValues("200").Inc()
	metrics.RequestDuration.WithLabelValues("200").Observe(0.01)
	families, err := registry.Gather()
	check(err)
	for _, family := range families {
		_, err = expfmt.MetricFamilyToText(os.Stdout, family)
		check(err)
	}
}

func summary(f *pb.Flow) string {
	end := func(e *pb.Endpoint) string {
		work := ""
		if len(e.GetWorkloads()) > 0 {
			work = e.GetWorkloads()[0].GetKind() + "/" + e.GetWorkloads()[0].GetName()
		}
		return fmt.Sprintf("%s/%s[%s]", e.GetNamespace(), e.GetPodName(), work)
	}
	reply := "reply=nil"
	if f.GetIsReply() != nil {
		reply = fmt.Sprintf("reply=%t", f.GetIsReply().GetValue())
	}
	return fmt.Sprintf("%s -> %s verdict=%s drop=%s %s direction=%s event=%d/%d match=%d", end(f.GetSource()), end(f.GetDestination()),
		f.GetVerdict(), f.GetDropReasonDesc(), reply, f.GetTrafficDirection(), f.GetEventType().GetType(), f.GetEventType().GetSubType(), f.GetPolicyMatchType())
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

type decoder interface {
	Decode(*observer.MonitorEvent) (*event, error)
}
