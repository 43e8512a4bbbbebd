// What Cilium's source defines: every metric that it writes down, with file and line; nothing is built or run.
//
//	defined DIRECTORY[=PREFIX] ...
//
// Each directory is the root of a Go module, PREFIX its import path; files of the first are named without it. A metric
// is a literal of some package's ...Opts with a Name, or a call of NewDesc. What is no constant in the source, such as
// the namespace that differs from component to component, is printed as `*`. One JSON object a line, sorted.
package main

import (
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// metric is one definition. Labels is nil where the source computes them.
type metric struct {
	Name   string   `json:"name"`
	Type   string   `json:"type,omitempty"`
	Labels []string `json:"labels,omitempty"`
	// Known says that Labels is all of them, which an empty list cannot.
	Known bool `json:"labels_known,omitempty"`
	// Written is what the source writes into labels; Open names those into which it writes what it does not fix.
	Written map[string][]string `json:"written,omitempty"`
	Open    []string            `json:"open,omitempty"`
	At      string              `json:"at"`
}

// unit is a package: its files, and what its names stand for at the top level.
type unit struct {
	files  map[string]*ast.File
	values map[string]ast.Expr
}

type reader struct {
	set   *token.FileSet
	units map[string]*unit  // by import path
	shown map[string]string // by import path, how its files are named
}

func main() {
	r := reader{set: token.NewFileSet(), units: map[string]*unit{}, shown: map[string]string{}}
	for i, argument := range os.Args[1:] {
		directory, prefix, _ := strings.Cut(argument, "=")
		r.load(directory, prefix, i == 0)
	}
	var all []metric
	held := map[holder][]int{}
	for importPath, u := range r.units {
		for name, file := range u.files {
			for _, one := range r.definitions(importPath, name, file) {
				for _, name := range one.holders {
					held[holder{importPath, name}] = append(held[holder{importPath, name}], len(all))
				}
				all = append(all, one.metric)
			}
		}
	}
	r.written(all, held)
	slices.SortFunc(all, func(a, b metric) int {
		return strings.Compare(a.Name+" "+a.At, b.Name+" "+b.At)
	})
	out := json.NewEncoder(os.Stdout)
	out.SetEscapeHTML(false)
	for _, one := range all {
		if err := out.Encode(one); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
}

// leftOut are directories whose code is in no component.
var leftOut = []string{"vendor", "testdata", "test", "Documentation", "examples", "testutils", "tools"}

// load parses every file that is no test; a directory that is a module of its own, or holds vendored code, is left out.
func (r *reader) load(directory, prefix string, first bool) {
	err := filepath.WalkDir(directory, func(file string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		base := entry.Name()
		if entry.IsDir() {
			if file != directory && (slices.Contains(leftOut, base)) {
				return filepath.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(base, ".go") || strings.HasSuffix(base, "_test.go") {
			return nil
		}
		parsed, err := parser.ParseFile(r.set, file, nil, parser.SkipObjectResolution)
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			return nil
		}
		relative, err := filepath.Rel(directory, file)
		if err != nil {
			return err
		}
		importPath := path.Join(prefix, filepath.ToSlash(filepath.Dir(relative)))
		u := r.units[importPath]
		if u == nil {
			u = &unit{files: map[string]*ast.File{}, values: map[string]ast.Expr{}}
			r.units[importPath] = u
			r.shown[importPath] = importPath
			if first {
				r.shown[importPath] = filepath.ToSlash(filepath.Dir(relative))
			}
		}
		u.files[filepath.ToSlash(relative)] = parsed
		for _, declaration := range parsed.Decls {
			general, ok := declaration.(*ast.GenDecl)
			if !ok || general.Tok != token.CONST && general.Tok != token.VAR {
				continue
			}
			for _, spec := range general.Specs {
				value := spec.(*ast.ValueSpec)
				for i, name := range value.Names {
					if i < len(value.Values) {
						u.values[name.Name] = value.Values[i]
					}
				}
			}
		}
		return nil
	})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// scope is where an expression stands: its package, the imports of its file, and the literals of the function's variables.
type scope struct {
	r          *reader
	importPath string
	imports    map[string]string
	local      map[string]ast.Expr
}

// definition is a metric, and the variables and fields that hold it.
type definition struct {
	metric
	holders []string
}

func (r *reader) definitions(importPath, name string, file *ast.File) (found []definition) {
	holders := map[ast.Node][]string{} // by the call that makes the metric
	hold := func(left, right ast.Expr) {
		if unary, ok := right.(*ast.UnaryExpr); ok {
			right = unary.X
		}
		switch l := left.(type) {
		case *ast.Ident:
			holders[right] = append(holders[right], l.Name)
		case *ast.SelectorExpr:
			holders[right] = append(holders[right], l.Sel.Name)
		}
	}
	ast.Inspect(file, func(node ast.Node) bool {
		switch n := node.(type) {
		case *ast.KeyValueExpr:
			hold(n.Key, n.Value)
		case *ast.AssignStmt:
			for i := range min(len(n.Lhs), len(n.Rhs)) {
				hold(n.Lhs[i], n.Rhs[i])
			}
		case *ast.ValueSpec:
			for i := range min(len(n.Names), len(n.Values)) {
				hold(n.Names[i], n.Values[i])
			}
		}
		return true
	})
	for _, declaration := range file.Decls {
		s := scope{r, importPath, imported(file), map[string]ast.Expr{}}
		ast.Inspect(declaration, func(node ast.Node) bool {
			switch n := node.(type) {
			case *ast.AssignStmt:
				for i, left := range n.Lhs {
					if ident, ok := left.(*ast.Ident); ok && len(n.Lhs) == len(n.Rhs) {
						s.local[ident.Name] = n.Rhs[i]
					}
				}
			case *ast.CompositeLit:
				if one, ok := s.runtimeMetric(n); ok {
					one.At = fmt.Sprintf("%s:%d", path.Join(r.shown[importPath], path.Base(name)), r.set.Position(n.Pos()).Line)
					found = append(found, definition{one, holders[n]})
				}
			case *ast.CallExpr:
				if one, ok := s.metric(n); ok && strings.Trim(one.Name, "*_") != "" {
					one.At = fmt.Sprintf("%s:%d", path.Join(r.shown[importPath], path.Base(name)), r.set.Position(n.Pos()).Line)
					found = append(found, definition{one, holders[n]})
				}
			}
			return true
		})
	}
	return found
}

// metric reads a call that makes one: NewGaugeVec(GaugeOpts{...}, labels), NewDesc(name, help, labels, ...).
func (s scope) metric(call *ast.CallExpr) (metric, bool) {
	function := called(call)
	if function == "NewDesc" && len(call.Args) >= 3 {
		labels, known := s.names(call.Args[2])
		if len(call.Args) > 3 {
			constant, all := s.names(call.Args[3])
			labels, known = append(labels, constant...), known && all
		}
		return metric{Name: s.text(call.Args[0]), Labels: labels, Known: known}, true
	}
	// pkg/metrics/metrics.go: a gauge that is there above a threshold, with its labels in a map.
	if function == "NewGaugeWithThreshold" && len(call.Args) >= 4 {
		labels, known := s.names(call.Args[3])
		return metric{Name: join("*", s.text(call.Args[1]), s.text(call.Args[0])), Type: "gauge", Labels: labels, Known: known}, true
	}
	kind := ""
	for _, one := range []string{"Histogram", "Summary", "Counter", "Gauge"} {
		if strings.Contains(function, one) {
			kind = strings.ToLower(one)
		}
	}
	if kind == "" || len(call.Args) == 0 {
		return metric{}, false
	}
	argument := call.Args[0]
	if ident, ok := argument.(*ast.Ident); ok && s.local[ident.Name] != nil {
		argument = s.local[ident.Name]
	}
	if unary, ok := argument.(*ast.UnaryExpr); ok {
		argument = unary.X
	}
	// go-grpc-prometheus hands its options to a function that adds constant labels, of which Cilium gives none.
	if call, ok := argument.(*ast.CallExpr); ok && called(call) == "apply" && len(call.Args) == 1 {
		argument = call.Args[0]
	}
	options, ok := argument.(*ast.CompositeLit)
	if !ok || !strings.HasSuffix(typeName(options.Type), "Opts") {
		return metric{}, false
	}
	parts := map[string]string{}
	var constant ast.Expr = ast.NewIdent("nil")
	for _, element := range options.Elts {
		if pair, ok := element.(*ast.KeyValueExpr); ok {
			if key, ok := pair.Key.(*ast.Ident); ok && slices.Contains([]string{"Namespace", "Subsystem", "Name"}, key.Name) {
				parts[key.Name] = s.text(pair.Value)
			} else if ok && key.Name == "ConstLabels" {
				constant = pair.Value
			}
		}
	}
	if parts["Name"] == "" {
		return metric{}, false
	}
	one := metric{Name: join(parts["Namespace"], parts["Subsystem"], parts["Name"]), Type: kind, Known: true}
	if len(call.Args) > 1 && strings.Contains(function, "Vec") {
		one.Labels, one.Known = s.names(call.Args[1])
	}
	labels, known := s.names(constant)
	one.Labels, one.Known = append(one.Labels, labels...), one.Known && known
	return one, true
}

// runtimeMetric reads a rule of client_golang's collector of the Go runtime, whose regular expression is one name of
// runtime/metrics: `^/sched/latencies:seconds` is go_sched_latencies_seconds, a histogram.
func (s scope) runtimeMetric(rule *ast.CompositeLit) (metric, bool) {
	if typeName(rule.Type) != "GoRuntimeMetricsRule" || len(rule.Elts) != 1 {
		return metric{}, false
	}
	pair, ok := rule.Elts[0].(*ast.KeyValueExpr)
	if !ok {
		return metric{}, false
	}
	value := pair.Value
	if ident, ok := value.(*ast.Ident); ok && s.r.units[s.importPath].values[ident.Name] != nil {
		value = s.r.units[s.importPath].values[ident.Name]
	}
	compile, ok := value.(*ast.CallExpr)
	if !ok || called(compile) != "MustCompile" || len(compile.Args) != 1 {
		return metric{}, false
	}
	name := strings.NewReplacer("/", "_", ":", "_", "-", "_").Replace(strings.TrimPrefix(s.text(compile.Args[0]), "^"))
	return metric{Name: "go" + name, Type: "histogram", Known: true}, true
}

func join(parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(part string) bool { return part == "" }), "_")
}

func called(call *ast.CallExpr) string {
	switch f := call.Fun.(type) {
	case *ast.Ident:
		return f.Name
	case *ast.SelectorExpr:
		return f.Sel.Name
	}
	return ""
}

func typeName(expression ast.Expr) string {
	switch t := expression.(type) {
	case *ast.Ident:
		return t.Name
	case *ast.SelectorExpr:
		return t.Sel.Name
	}
	return ""
}

// text evaluates a string; what the source does not fix is `*`.
func (s scope) text(expression ast.Expr) string {
	switch e := expression.(type) {
	case *ast.BasicLit:
		if text, err := strconv.Unquote(e.Value); err == nil {
			return text
		}
	case *ast.BinaryExpr:
		if e.Op == token.ADD {
			return s.text(e.X) + s.text(e.Y)
		}
	case *ast.ParenExpr:
		return s.text(e.X)
	case *ast.CallExpr:
		switch called(e) {
		case "BuildFQName":
			if len(e.Args) == 3 {
				return join(s.text(e.Args[0]), s.text(e.Args[1]), s.text(e.Args[2]))
			}
		case "memstatNamespace": // of client_golang's collector of the Go runtime
			if len(e.Args) == 1 {
				return "go_memstats_" + s.text(e.Args[0])
			}
		}
	case *ast.Ident:
		if value, ok := s.local[e.Name]; ok && value != expression {
			if literal, ok := value.(*ast.BasicLit); ok {
				return s.text(literal)
			}
			return "*"
		}
		return s.global(s.importPath, e.Name)
	case *ast.SelectorExpr:
		if pkg, ok := e.X.(*ast.Ident); ok {
			if target, ok := s.imports[pkg.Name]; ok {
				return s.global(target, e.Sel.Name)
			}
		}
	}
	return "*"
}

// varying names a variable that each component sets for itself.
var varying = []string{"Namespace"}

func (s scope) global(importPath, name string) string {
	u := s.r.units[importPath]
	if u == nil || u.values[name] == nil || slices.Contains(varying, name) {
		return "*"
	}
	return scope{r: s.r, importPath: importPath, imports: u.imports(name)}.text(u.values[name])
}

// imports are those of the file that says what a name stands for.
func (u *unit) imports(name string) map[string]string {
	found := map[string]string{}
	for _, file := range u.files {
		for _, one := range file.Imports {
			if target, err := strconv.Unquote(one.Path.Value); err == nil {
				short := path.Base(target)
				if one.Name != nil {
					short = one.Name.Name
				}
				found[short] = target
			}
		}
	}
	return found
}

func firstCall(call *ast.CallExpr) (*ast.CallExpr, bool) {
	if len(call.Args) == 0 {
		return nil, false
	}
	first, ok := call.Args[0].(*ast.CallExpr)
	return first, ok
}

// names evaluates a list of label names: of strings, or of Cilium's own Labels, which carry values as well.
func (s scope) names(expression ast.Expr) ([]string, bool) {
	switch e := expression.(type) {
	case *ast.CallExpr:
		// append(h.context.GetLabelNames(), "topic", "reporter"): those of contexts, then the handler's own.
		if first, ok := firstCall(e); ok && called(e) == "append" && called(first) == "GetLabelNames" && !e.Ellipsis.IsValid() {
			return s.names(&ast.CompositeLit{Elts: e.Args[1:]})
		}
	case *ast.Ident:
		if e.Name == "nil" {
			return nil, true
		}
		if value := s.local[e.Name]; value != nil && value != expression {
			return s.names(value)
		}
		if u := s.r.units[s.importPath]; u != nil && u.values[e.Name] != nil {
			return scope{r: s.r, importPath: s.importPath, imports: u.imports(e.Name)}.names(u.values[e.Name])
		}
	case *ast.CompositeLit:
		var found []string
		for _, element := range e.Elts {
			if pair, ok := element.(*ast.KeyValueExpr); ok { // of a map
				element = pair.Key
			}
			if label, ok := element.(*ast.CompositeLit); ok {
				for _, field := range label.Elts {
					if pair, ok := field.(*ast.KeyValueExpr); ok && typeName(pair.Key) == "Name" {
						element = pair.Value
					}
				}
			}
			text := s.text(element)
			if strings.Contains(text, "*") {
				return nil, false
			}
			found = append(found, text)
		}
		return found, true
	}
	return nil, false
}
