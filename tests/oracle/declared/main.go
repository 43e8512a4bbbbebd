// What a component of Cilium registers: name, type, labels, whether it is on, how it exposes a histogram, the values
// that a label may take where Cilium lists them, and those that exist from the start.
//
//	declared agent|operator|clustermesh|kvstoremesh [--flag=value of the component ...]
//
// The component's own hive is built as its binary builds it, and asked for its metrics; nothing is started. With
// ORACLE_DEEP=1 every constructor and invoke of the component runs first, so that what those register by themselves is
// seen as well; where that fails (no Kubernetes, no BPF), what was found until then is printed anyway. ORACLE_LOG=1
// shows the component's log. One JSON object a line, sorted by name.
package main

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"unsafe"

	"github.com/cilium/hive/cell"
	"github.com/prometheus/client_golang/prometheus"
	dto "github.com/prometheus/client_model/go"
	"github.com/spf13/pflag"

	"github.com/cilium/cilium/pkg/hive"
	"github.com/cilium/cilium/pkg/metrics"
	"github.com/cilium/cilium/pkg/metrics/metric"
)

// group is what the cells of a hive declare.
type group struct {
	cell.In
	Metrics []metric.WithMetadata `group:"hive-metrics"`
}

// served is the registry behind the component's endpoint; the mesh's components, and operators before 1.18, have none
// of that type.
type served struct {
	cell.In
	Registry *metrics.Registry `optional:"true"`
}

// row is one metric. On and Config (the name by which `--metrics` switches it) are there where Cilium keeps them;
// Closed has the values that Cilium itself lists, Values those of the series that exist from the start.
type row struct {
	Name      string              `json:"name"`
	Type      string              `json:"type"`
	Histogram []string            `json:"histogram,omitempty"`
	Labels    []string            `json:"labels,omitempty"`
	Const     []string            `json:"const,omitempty"`
	On        *bool               `json:"on,omitempty"`
	Config    string              `json:"config,omitempty"`
	Closed    map[string][]string `json:"closed,omitempty"`
	Values    map[string][]string `json:"values,omitempty"`
	From      string              `json:"from"`
	Go        string              `json:"go"`
}

const mostValues = 300 // of a label; more are too many to read

var (
	rows        = map[string]row{}
	description = regexp.MustCompile(`fqName: "([^"]*)", help: .*, constLabels: \{(.*)\}, variableLabels: (?:\{(.*)\}|\[(.*)\])`)
)

func main() {
	deep := os.Getenv("ORACLE_DEEP") != ""
	defer func() {
		if problem := recover(); problem != nil {
			fmt.Fprintln(os.Stderr, "panic:", problem)
			print()
		}
	}()
	if len(os.Args) < 2 {
		fmt.Fprintln(os.Stderr, "usage: declared agent|operator|clustermesh|kvstoremesh [--flag=value ...]")
		os.Exit(2)
	}
	stop := cell.Invoke(func() {
		if !deep {
			print()
			os.Exit(0)
		}
	})
	// The registry is walked first, when it holds what the process itself exposes, and again at the end: an invoke that
	// fails in between loses nothing that came before.
	cells := append([]cell.Cell{cell.Invoke(declared), cell.Invoke(registered), stop}, component(os.Args[1])...)
	cells = append(cells, cell.Invoke(registered))
	h := hive.New(cells...)
	flags := pflag.NewFlagSet("", pflag.ContinueOnError)
	h.RegisterFlags(flags)
	if err := flags.Parse(os.Args[2:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	var log io.Writer = io.Discard
	if os.Getenv("ORACLE_LOG") != "" {
		log = os.Stderr
	}
	if err := populate(h, log); err != nil {
		fmt.Fprintln(os.Stderr, "populate:", err)
	}
	print()
}

func declared(g group) {
	for _, m := range g.Metrics {
		if c, ok := m.(prometheus.Collector); ok {
			add(c, "hive")
		}
	}
}

// registered walks the collectors of the registry that the component serves.
func registered(in served) {
	if in.Registry == nil {
		return
	}
	inner := reflect.ValueOf(in.Registry).Elem().FieldByName("inner")
	if inner.IsNil() {
		return
	}
	registry := (*prometheus.Registry)(unsafe.Pointer(inner.Pointer()))
	all := reflect.ValueOf(registry).Elem().FieldByName("collectorsByID")
	all = reflect.NewAt(all.Type(), unsafe.Pointer(all.UnsafeAddr())).Elem()
	for it := all.MapRange(); it.Next(); {
		add(it.Value().Interface().(prometheus.Collector), "registry")
	}
}

// add describes a collector; what the hive declares is not described again as the registry's.
func add(c prometheus.Collector, from string) {
	c = unwrapped(c)
	found := described(c, from)
	for _, sample := range collected(c) {
		var out dto.Metric
		parts := description.FindStringSubmatch(strings.ReplaceAll(sample.Desc().String(), "\n", " "))
		if parts == nil || sample.Write(&out) != nil {
			continue
		}
		one, ok := found[parts[1]]
		if !ok {
			one = row{Name: parts[1], Const: names(parts[2]), Labels: names(parts[3] + parts[4]), From: from, Go: fmt.Sprintf("%T", c)}
		}
		if kind := written(&out); kind != "" {
			one.Type = kind
		}
		if out.Histogram != nil {
			one.Histogram = kinds(out.Histogram)
		}
		for _, pair := range out.Label {
			if one.Values == nil {
				one.Values = map[string][]string{}
			}
			seen := one.Values[pair.GetName()]
			if !slices.Contains(seen, pair.GetValue()) && len(seen) < mostValues {
				one.Values[pair.GetName()] = append(seen, pair.GetValue())
			}
		}
		found[parts[1]] = one
	}
	for name, one := range found {
		for _, values := range one.Values {
			slices.Sort(values)
		}
		if one.Type == "histogram" && one.Histogram == nil {
			one.Histogram = kinds(observed(c, len(one.Labels)))
		}
		if old, ok := rows[name]; ok && old.From == "hive" && from != "hive" {
			continue
		}
		rows[name] = one
	}
}

// unwrapped is the collector within one that leaves out what is off (metric.EnabledCollector).
func unwrapped(c prometheus.Collector) prometheus.Collector {
	if v := reflect.ValueOf(c); v.Kind() == reflect.Struct && v.NumField() == 1 {
		if f := v.FieldByName("C"); f.IsValid() && f.CanInterface() {
			return f.Interface().(prometheus.Collector)
		}
	}
	return c
}

// described asks a collector what it may collect.
func described(c prometheus.Collector, from string) map[string]row {
	ch := make(chan *prometheus.Desc, 4096)
	c.Describe(ch)
	close(ch)
	found := map[string]row{}
	for d := range ch {
		parts := description.FindStringSubmatch(strings.ReplaceAll(d.String(), "\n", " "))
		if parts == nil {
			fmt.Fprintln(os.Stderr, "not understood:", d)
			continue
		}
		one := row{
			Name: parts[1], Type: kind(c), Const: names(parts[2]), Labels: names(parts[3] + parts[4]),
			From: from, Go: fmt.Sprintf("%T", c), Closed: listed(c),
		}
		if m, ok := c.(metric.WithMetadata); ok {
			on := m.IsEnabled()
			one.On, one.Config = &on, m.Opts().GetConfigName()
		}
		found[one.Name] = one
	}
	return found
}

// collected asks a collector for its samples, whether it is on or not; one that panics before its component starts has
// none.
func collected(c prometheus.Collector) (out []prometheus.Metric) {
	ch := make(chan prometheus.Metric, 1<<16)
	func() {
		defer func() {
			if problem := recover(); problem != nil {
				fmt.Fprintf(os.Stderr, "%T cannot be collected: %v\n", c, problem)
			}
		}()
		c.Collect(ch)
	}()
	close(ch)
	for one := range ch {
		out = append(out, one)
	}
	return out
}

func names(text string) (out []string) {
	for _, one := range strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == ' ' }) {
		name, _, _ := strings.Cut(strings.Trim(one, "{}"), "=")
		if name != "" && name != "<nil>" {
			out = append(out, name)
		}
	}
	return out
}

// kind goes by the name of the Go type, for what has no sample yet.
func kind(c any) string {
	text := strings.ToLower(fmt.Sprintf("%T", c))
	for _, one := range []string{"histogram", "summary", "counter", "gauge"} {
		if strings.Contains(text, one) {
			return one
		}
	}
	return ""
}

func written(out *dto.Metric) string {
	switch {
	case out.Histogram != nil:
		return "histogram"
	case out.Summary != nil:
		return "summary"
	case out.Counter != nil:
		return "counter"
	case out.Gauge != nil:
		return "gauge"
	}
	return ""
}

// kinds are those of the buckets that a histogram has: of its own bounds, of the native schema, or both.
func kinds(h *dto.Histogram) (out []string) {
	if h == nil {
		return nil
	}
	if len(h.Bucket) > 0 {
		out = append(out, "classic")
	}
	if h.Schema != nil {
		out = append(out, "native")
	}
	return out
}

// observed writes a histogram of a vector that has none yet, under label values that nothing else has.
func observed(c prometheus.Collector, labels int) *dto.Histogram {
	vector, ok := c.(*prometheus.HistogramVec)
	if v := reflect.ValueOf(c); !ok && v.Kind() == reflect.Pointer && v.Elem().Kind() == reflect.Struct {
		if f := v.Elem().FieldByName("ObserverVec"); f.IsValid() && f.CanInterface() {
			vector, ok = f.Interface().(*prometheus.HistogramVec)
		}
	}
	if !ok {
		return nil
	}
	values := slices.Repeat([]string{"the oracle asks"}, labels)
	defer vector.DeleteLabelValues(values...)
	one, err := vector.GetMetricWithLabelValues(values...)
	if err != nil {
		return nil
	}
	var out dto.Metric
	if m, ok := one.(prometheus.Metric); !ok || m.Write(&out) != nil {
		return nil
	}
	return out.Histogram
}

// listed are the label values that Cilium lists where it declares the metric (metric.NewCounterVecWithLabels and its
// like): it warns of any other.
func listed(c prometheus.Collector) map[string][]string {
	v := reflect.ValueOf(c)
	if v.Kind() != reflect.Pointer || v.Elem().Kind() != reflect.Struct {
		return nil
	}
	set := v.Elem().FieldByName("labels")
	if !set.IsValid() || set.Kind() != reflect.Pointer || set.IsNil() {
		return nil
	}
	all := set.Elem().FieldByName("lbls")
	if !all.IsValid() {
		return nil
	}
	labels, ok := reflect.NewAt(all.Type(), unsafe.Pointer(all.UnsafeAddr())).Elem().Interface().(metric.Labels)
	if !ok {
		return nil
	}
	found := map[string][]string{}
	for _, label := range labels {
		if len(label.Values) > 0 {
			found[label.Name] = slices.Sorted(maps.Keys(label.Values))
		}
	}
	return found
}

func print() {
	out := json.NewEncoder(os.Stdout)
	out.SetEscapeHTML(false)
	for _, name := range slices.Sorted(maps.Keys(rows)) {
		if err := out.Encode(rows[name]); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
}
