package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/prometheus/client_golang/prometheus"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/known/wrapperspb"

	pb "github.com/cilium/cilium/api/v1/flow"
	"github.com/cilium/cilium/pkg/maps/metricsmap"
	"github.com/cilium/cilium/pkg/monitor/api"
)

// closed are the labels that one of Cilium's own lists fills: every entry of the lists is played to the handlers, so
// that what they write is all that they can.
var closed = map[string][]string{
	"hubble_dns_queries_total":             {"rcode"},
	"hubble_dns_responses_total":           {"rcode"},
	"hubble_drop_total":                    {"reason", "protocol"},
	"hubble_flows_processed_total":         {"protocol", "type", "subtype", "verdict"},
	"hubble_flows_to_world_total":          {"protocol", "verdict"},
	"hubble_http_request_duration_seconds": {"reporter"},
	"hubble_http_requests_total":           {"reporter"},
	"hubble_icmp_total":                    {"family"},
	"hubble_policy_verdicts_total":         {"direction", "match", "action"},
	"hubble_port_distribution_total":       {"protocol"},
	"hubble_tcp_flags_total":               {"flag", "family"},
}

type list struct {
	Metric string   `json:"metric"`
	Label  string   `json:"label"`
	Values []string `json:"values"`
}

// printValues prints what labels can take: by the handlers, and by the tables of names that the agent uses.
func printValues() {
	registry := prometheus.NewPedanticRegistry()
	process, err := handlers(registry, []string{"dns", "drop", "flow", "flows-to-world:any-drop", "httpV2", "icmp", "policy", "port-distribution", "tcp"})
	check(err)
	for _, flow := range everything() {
		check(process(flow))
	}
	families, err := registry.Gather()
	check(err)
	var lists []list
	for _, family := range families {
		for _, label := range closed[family.GetName()] {
			values := map[string]bool{}
			for _, metric := range family.Metric {
				for _, pair := range metric.Label {
					if pair.GetName() == label {
						values[pair.GetValue()] = true
					}
				}
			}
			lists = append(lists, list{family.GetName(), label, slices.Sorted(maps.Keys(values))})
		}
	}
	var reasons []string
	for _, reason := range drops() {
		reasons = append(reasons, api.DropReason(reason))
	}
	slices.Sort(reasons)
	reasons = slices.Compact(reasons)
	lists = append(lists, list{"cilium_drop_count_total", "reason", reasons}, list{"cilium_drop_bytes_total", "reason", reasons})
	directions := map[string]bool{}
	for n := range 256 {
		directions[metricsmap.MetricDirection(uint8(n))] = true
	}
	for _, metric := range []string{"drop_bytes", "drop_count", "forward_bytes", "forward_count"} {
		lists = append(lists, list{"cilium_" + metric + "_total", "direction", slices.Sorted(maps.Keys(directions))})
	}
	var lost []string
	for _, name := range pb.LostEventSource_name {
		lost = append(lost, strings.ToLower(name))
	}
	slices.Sort(lost)
	lists = append(lists, list{"hubble_lost_events_total", "source", lost})
	slices.SortFunc(lists, func(a, b list) int { return strings.Compare(a.Metric+" "+a.Label, b.Metric+" "+b.Label) })
	out := json.NewEncoder(os.Stdout)
	out.SetEscapeHTML(false)
	for _, one := range lists {
		check(out.Encode(one))
	}
}

// everything is a flow for each entry of each list.
func everything() (flows []*pb.Flow) {
	client := &pb.Endpoint{Identity: 2001, Labels: []string{"k8s:app=client"}}
	outside := &pb.Endpoint{Identity: 2, Labels: []string{"reserved:world"}}
	add := func(event int32, sub int32, change func(*pb.Flow)) {
		flow := &pb.Flow{Source: client, Destination: outside, IP: &pb.IP{IpVersion: pb.IPVersion_IPv4},
			EventType: &pb.CiliumEventType{Type: event, SubType: sub}, Verdict: pb.Verdict_FORWARDED}
		change(flow)
		flows = append(flows, flow)
	}
	for rcode := range uint32(256) {
		for _, kind := range []pb.L7FlowType{pb.L7FlowType_REQUEST, pb.L7FlowType_RESPONSE} {
			for _, verdict := range []pb.Verdict{pb.Verdict_FORWARDED, pb.Verdict_DROPPED} {
				add(api.MessageTypeAccessLog, 0, func(f *pb.Flow) {
					f.Verdict, f.IsReply = verdict, wrapperspb.Bool(kind == pb.L7FlowType_RESPONSE)
					f.L7 = &pb.Layer7{Type: kind, Record: &pb.Layer7_Dns{Dns: &pb.DNS{Rcode: rcode, Qtypes: []string{"A"}}}}
				})
			}
		}
	}
	for _, event := range []int32{api.MessageTypeDrop, api.MessageTypeDebug, api.MessageTypeCapture, api.MessageTypeTrace,
		api.MessageTypePolicyVerdict, api.MessageTypeTraceSock, api.MessageTypeAccessLog} {
		for verdict := range pb.Verdict_name {
			for point := range int32(64) {
				add(event, point, func(f *pb.Flow) { f.Verdict = pb.Verdict(verdict) })
				add(event, point, func(f *pb.Flow) { f.Verdict, f.L4 = pb.Verdict(verdict), transports()[1] })
			}
		}
	}
	for verdict := range pb.Verdict_name {
		for direction := range pb.TrafficDirection_name {
			for match := range uint32(16) {
				add(api.MessageTypePolicyVerdict, 0, func(f *pb.Flow) {
					f.Verdict, f.TrafficDirection, f.PolicyMatchType = pb.Verdict(verdict), pb.TrafficDirection(direction), match
				})
			}
		}
		for _, l4 := range transports() {
			for version := range pb.IPVersion_name {
				add(api.MessageTypeTrace, 0, func(f *pb.Flow) {
					f.Verdict, f.L4, f.IsReply = pb.Verdict(verdict), l4, wrapperspb.Bool(false)
					f.IP = &pb.IP{IpVersion: pb.IPVersion(version)}
				})
			}
		}
	}
	// The parser takes the datapath's number for that of the flow's list, which lacks some (206): they are numbers then.
	reasons := slices.Collect(maps.Keys(pb.DropReason_name))
	for _, reason := range drops() {
		reasons = append(reasons, int32(reason))
	}
	for _, reason := range reasons {
		add(api.MessageTypeDrop, reason, func(f *pb.Flow) { f.Verdict, f.DropReasonDesc = pb.Verdict_DROPPED, pb.DropReason(reason) })
	}
	for direction := range pb.TrafficDirection_name {
		for _, l7 := range requests() {
			for verdict := range pb.Verdict_name {
				add(api.MessageTypeAccessLog, 0, func(f *pb.Flow) {
					f.Verdict, f.TrafficDirection, f.L7 = pb.Verdict(verdict), pb.TrafficDirection(direction), l7
					f.L4, f.IsReply = transports()[1], wrapperspb.Bool(false)
				})
			}
		}
	}
	for flags := range 16 {
		for version := range pb.IPVersion_name {
			add(api.MessageTypeTrace, 0, func(f *pb.Flow) {
				f.IP = &pb.IP{IpVersion: pb.IPVersion(version)}
				f.L4 = &pb.Layer4{Protocol: &pb.Layer4_TCP{TCP: &pb.TCP{DestinationPort: 80, Flags: &pb.TCPFlags{
					FIN: flags&1 != 0, SYN: flags&2 != 0, RST: flags&4 != 0, ACK: flags&8 != 0}}}}
			})
		}
	}
	return flows
}

// drops are the datapath's reasons that count as drops (pkg/maps/metricsmap) and have a name.
func drops() (found []uint8) {
	for n := range 256 {
		reason := uint8(n)
		named := !strings.HasPrefix(api.DropReason(reason), fmt.Sprintf("%d, ", n))
		if named && (reason == api.DropInvalid || reason >= api.DropMin) {
			found = append(found, reason)
		}
	}
	return found
}

// transports are the protocols of layer 4 that this release's flows know, none among them.
func transports() []*pb.Layer4 {
	all := []*pb.Layer4{nil}
	fields := (&pb.Layer4{}).ProtoReflect().Descriptor().Oneofs().ByName("protocol").Fields()
	for i := range fields.Len() {
		one := &pb.Layer4{}
		one.ProtoReflect().Set(fields.Get(i), protoreflect.ValueOfMessage(one.ProtoReflect().NewField(fields.Get(i)).Message()))
		all = append(all, one)
	}
	return all
}

// requests are the protocols of layer 7 that this release's flows know, as requests and as responses.
func requests() (all []*pb.Layer7) {
	fields := (&pb.Layer7{}).ProtoReflect().Descriptor().Oneofs().ByName("record").Fields()
	for i := range fields.Len() {
		for kind := range pb.L7FlowType_name {
			one := &pb.Layer7{Type: pb.L7FlowType(kind)}
			one.ProtoReflect().Set(fields.Get(i), protoreflect.ValueOfMessage(one.ProtoReflect().NewField(fields.Get(i)).Message()))
			all = append(all, one)
		}
	}
	return all
}
