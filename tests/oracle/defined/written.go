package main

import (
	"go/ast"
	"go/token"
	"maps"
	"path"
	"slices"
	"strings"
)

// What the source writes into the labels of the metrics that it defines: the arguments of the functions in `writing`, as
// far as the source alone fixes them. Nothing is type-checked: a metric is found by the name of
// the variable or field that holds it, and an argument is followed through constants, variables of its function, the
// callers of its function, and what functions return.

const deepest = 6 // steps from an argument to its constants

// writing are the functions that make a series, with the position of the first label's value.
var writing = map[string]int{
	"WithLabelValues": 0, "GetMetricWithLabelValues": 0, "With": 0, "MustNewConstMetric": 3, "NewConstMetric": 3,
}

// holder is a variable or field that holds a metric.
type holder struct{ importPath, name string }

// function is a declared function, where it stands.
type function struct {
	scope
	declaration *ast.FuncDecl
}

// writer knows who holds which metric, and every function and call of the sources.
type writer struct {
	r         *reader
	held      map[holder][]*metric
	functions map[holder][]function
	calls     map[holder][]site
}

// site is a call, and the function that it stands in.
type site struct {
	function
	call *ast.CallExpr
}

// written fills in what is written into the labels of these metrics.
func (r *reader) written(all []metric, held map[holder][]int) {
	w := writer{r, map[holder][]*metric{}, map[holder][]function{}, map[holder][]site{}}
	for one, indices := range held {
		for _, index := range indices {
			w.held[one] = append(w.held[one], &all[index])
		}
	}
	var writes []site
	for importPath, u := range r.units {
		for _, file := range u.files {
			for _, declaration := range file.Decls {
				f, ok := declaration.(*ast.FuncDecl)
				if !ok || f.Body == nil {
					continue
				}
				in := function{scope{r: r, importPath: importPath, imports: imported(file)}, f}
				at := holder{importPath, f.Name.Name}
				w.functions[at] = append(w.functions[at], in)
				ast.Inspect(f.Body, func(node ast.Node) bool {
					if call, ok := node.(*ast.CallExpr); ok {
						if _, ok := writing[called(call)]; ok {
							writes = append(writes, site{in, call})
						} else if target, ok := in.target(call.Fun); ok {
							w.calls[target] = append(w.calls[target], site{in, call})
						}
					}
					return true
				})
			}
		}
	}
	w.alias()
	for _, one := range writes {
		w.write(one)
	}
	for i := range all {
		slices.Sort(all[i].Open)
		all[i].Open = slices.DeleteFunc(slices.Compact(all[i].Open), func(label string) bool { return all[i].Written[label] == nil })
		for label, values := range all[i].Written {
			slices.Sort(values)
			all[i].Written[label] = slices.Compact(values)
		}
	}
}

// target is the package and name that a called or selected expression names: of this package where nothing else is said.
func (f function) target(expression ast.Expr) (holder, bool) {
	switch e := expression.(type) {
	case *ast.Ident:
		return holder{f.importPath, e.Name}, true
	case *ast.SelectorExpr:
		if pkg, ok := e.X.(*ast.Ident); ok && f.imports[pkg.Name] != "" {
			return holder{f.imports[pkg.Name], e.Sel.Name}, true
		}
		return holder{f.importPath, e.Sel.Name}, true
	}
	return holder{}, false
}

// alias has a variable of a package hold what is assigned to it from a field that holds a metric.
func (w writer) alias() {
	for at, functions := range w.functions {
		for _, f := range functions {
			ast.Inspect(f.declaration.Body, func(node ast.Node) bool {
				assign, ok := node.(*ast.AssignStmt)
				if !ok || len(assign.Lhs) != len(assign.Rhs) {
					return true
				}
				for i, left := range assign.Lhs {
					ident, name := left.(*ast.Ident)
					field, selected := assign.Rhs[i].(*ast.SelectorExpr)
					if !name || !selected || w.r.units[at.importPath].values[ident.Name] == nil {
						continue
					}
					one := holder{at.importPath, ident.Name}
					if w.held[one] == nil {
						w.held[one] = w.held[holder{at.importPath, field.Sel.Name}]
					}
				}
				return true
			})
		}
	}
}

// metrics are those that an expression may hold; of other packages only where one name holds one metric.
func (w writer) metrics(f function, expression ast.Expr) []*metric {
	at, ok := f.target(expression)
	if !ok {
		return nil
	}
	if found := w.held[at]; found != nil {
		return found
	}
	var found []*metric
	for one, metrics := range w.held {
		if one.name == at.name && ast.IsExported(at.name) {
			found = append(found, metrics...)
		}
	}
	if len(found) == 1 {
		return found
	}
	return nil
}

// write notes the arguments of one call.
func (w writer) write(at site) {
	selector, ok := at.call.Fun.(*ast.SelectorExpr)
	if !ok || len(at.call.Args) == 0 {
		return
	}
	arguments := at.call.Args
	var metrics []*metric
	switch selector.Sel.Name {
	case "MustNewConstMetric", "NewConstMetric":
		first := writing[selector.Sel.Name]
		if len(arguments) <= first {
			return
		}
		metrics = w.metrics(at.function, arguments[0])
		kind := strings.ToLower(strings.TrimSuffix(base(arguments[1]), "Value"))
		for _, one := range metrics {
			if kind == "gauge" || kind == "counter" {
				one.Type = kind
			}
		}
		arguments = arguments[first:]
	default:
		metrics = w.metrics(at.function, selector.X)
	}
	for _, one := range metrics {
		if selector.Sel.Name == "With" {
			argument := arguments[0]
			if ident, ok := argument.(*ast.Ident); ok && w.r.units[at.importPath].values[ident.Name] != nil {
				argument = w.r.units[at.importPath].values[ident.Name]
			}
			labels, ok := argument.(*ast.CompositeLit)
			if !ok {
				one.Open = append(one.Open, one.Labels...)
				continue
			}
			for _, element := range labels.Elts {
				if pair, ok := element.(*ast.KeyValueExpr); ok {
					w.note(one, at.scope.text(pair.Key), at.function, pair.Value)
				}
			}
			continue
		}
		if at.call.Ellipsis.IsValid() || len(arguments) != len(one.Labels) {
			one.Open = append(one.Open, one.Labels...)
			continue
		}
		for i, label := range one.Labels {
			w.note(one, label, at.function, arguments[i])
		}
	}
}

func (w writer) note(one *metric, label string, f function, argument ast.Expr) {
	values, all := w.values(f, argument, deepest)
	if !all {
		one.Open = append(one.Open, label)
	}
	if len(values) > 0 {
		if one.Written == nil {
			one.Written = map[string][]string{}
		}
		one.Written[label] = append(one.Written[label], slices.Collect(maps.Keys(values))...)
	}
}

type set = map[string]bool

// values are the strings that an expression may be, and whether those are all.
func (w writer) values(f function, expression ast.Expr, depth int) (set, bool) {
	if depth == 0 {
		return nil, false
	}
	if text := f.scope.text(expression); !strings.Contains(text, "*") {
		return set{text: true}, true
	}
	switch e := expression.(type) {
	case *ast.ParenExpr:
		return w.values(f, e.X, depth)
	case *ast.IndexExpr: // of a table of names
		return w.table(f, e.X, depth-1)
	case *ast.Ident:
		return w.variable(f, e.Name, depth-1)
	case *ast.CallExpr:
		return w.result(f, e, depth-1)
	}
	return nil, false
}

// table are the values of a map or list that the source writes out.
func (w writer) table(f function, expression ast.Expr, depth int) (set, bool) {
	at, ok := f.target(expression)
	u := w.r.units[at.importPath]
	if !ok || u == nil || u.values[at.name] == nil {
		return nil, false
	}
	list, ok := u.values[at.name].(*ast.CompositeLit)
	if !ok {
		return nil, false
	}
	there := function{scope{r: w.r, importPath: at.importPath, imports: u.imports(at.name)}, nil}
	found, all := set{}, true
	for _, element := range list.Elts {
		if pair, ok := element.(*ast.KeyValueExpr); ok {
			element = pair.Value
		}
		values, known := w.values(there, element, depth)
		maps.Copy(found, values)
		all = all && known
	}
	return found, all
}

// variable are the values of a variable of the function, or of its parameter.
func (w writer) variable(f function, name string, depth int) (set, bool) {
	if f.declaration == nil {
		return nil, false
	}
	found, all, assigned := set{}, true, false
	take := func(expression ast.Expr) {
		values, known := w.values(f, expression, depth)
		maps.Copy(found, values)
		all, assigned = all && known, true
	}
	ast.Inspect(f.declaration.Body, func(node ast.Node) bool {
		switch n := node.(type) {
		case *ast.AssignStmt:
			for i, left := range n.Lhs {
				if ident, ok := left.(*ast.Ident); ok && ident.Name == name {
					if len(n.Lhs) == len(n.Rhs) && (n.Tok == token.ASSIGN || n.Tok == token.DEFINE) {
						take(n.Rhs[i])
					} else {
						all, assigned = false, true
					}
				}
			}
		case *ast.RangeStmt:
			for _, left := range []ast.Expr{n.Key, n.Value} {
				if ident, ok := left.(*ast.Ident); ok && ident.Name == name {
					values, known := set(nil), false
					if list, ok := n.X.(*ast.CompositeLit); ok && left == n.Value {
						values, known = set{}, true
						for _, element := range list.Elts {
							more, so := w.values(f, element, depth)
							maps.Copy(values, more)
							known = known && so
						}
					}
					maps.Copy(found, values)
					all, assigned = all && known, true
				}
			}
		case *ast.ValueSpec:
			for i, ident := range n.Names {
				if ident.Name == name && i < len(n.Values) {
					take(n.Values[i])
				}
			}
		case *ast.FuncLit:
			for _, field := range n.Type.Params.List {
				for _, ident := range field.Names {
					if ident.Name == name {
						all, assigned = false, true
					}
				}
			}
		}
		return true
	})
	position := 0
	for _, field := range f.declaration.Type.Params.List {
		for _, ident := range field.Names {
			if ident.Name == name {
				values, known := w.given(f, position, depth)
				maps.Copy(found, values)
				return found, known && (all || !assigned)
			}
			position++
		}
	}
	return found, all && assigned
}

// given are the values with which the function's callers fill a parameter. A method may be called through an interface of
// any name, so that its callers are all only where it is a function.
func (w writer) given(f function, position, depth int) (set, bool) {
	name := f.declaration.Name.Name
	found, all := set{}, f.declaration.Recv == nil && len(w.functions[holder{f.importPath, name}]) == 1
	callers := w.calls[holder{f.importPath, name}]
	for _, caller := range callers {
		if position >= len(caller.call.Args) || caller.call.Ellipsis.IsValid() {
			all = false
			continue
		}
		values, known := w.values(caller.function, caller.call.Args[position], depth)
		maps.Copy(found, values)
		all = all && known
	}
	return found, all && len(callers) > 0
}

// result are the values that a call gives: of a conversion, of some functions of the standard library, and of functions
// of the sources whose name is one.
func (w writer) result(f function, call *ast.CallExpr, depth int) (set, bool) {
	at, ok := f.target(call.Fun)
	if !ok {
		return nil, false
	}
	switch {
	case at.importPath == "strconv" && at.name == "FormatBool":
		return set{"true": true, "false": true}, true
	case at.importPath == "strings" && at.name == "ToLower" && len(call.Args) == 1:
		values, all := w.values(f, call.Args[0], depth)
		lower := set{}
		for value := range values {
			lower[strings.ToLower(value)] = true
		}
		return lower, all
	case at.name == "string" && len(call.Args) == 1:
		return w.values(f, call.Args[0], depth)
	}
	functions := w.functions[at]
	if selector, ok := call.Fun.(*ast.SelectorExpr); ok && at.importPath == f.importPath {
		functions = w.methods(f, selector)
	}
	if len(functions) != 1 {
		return nil, false
	}
	found, all := set{}, true
	ast.Inspect(functions[0].declaration.Body, func(node ast.Node) bool {
		switch n := node.(type) {
		case *ast.FuncLit:
			return false
		case *ast.ReturnStmt:
			if len(n.Results) == 0 {
				all = false
				return false
			}
			values, known := w.values(functions[0], n.Results[0], depth)
			maps.Copy(found, values)
			all = all && known
		}
		return true
	})
	return found, all && len(found) > 0
}

// methods are those that a call like x.String() may mean, by the type of x where its declaration says it.
func (w writer) methods(f function, selector *ast.SelectorExpr) (found []function) {
	at, ok := w.typeOf(f, selector.X)
	if !ok {
		return nil
	}
	for _, one := range w.functions[holder{at.importPath, selector.Sel.Name}] {
		if one.declaration.Recv != nil && base(one.declaration.Recv.List[0].Type) == at.name {
			found = append(found, one)
		}
	}
	return found
}

// typeOf is the named type of a parameter, a receiver, or a field of one of these.
func (w writer) typeOf(f function, expression ast.Expr) (holder, bool) {
	switch e := expression.(type) {
	case *ast.Ident:
		if f.declaration == nil {
			return holder{}, false
		}
		fields := f.declaration.Type.Params.List
		if f.declaration.Recv != nil {
			fields = append(slices.Clone(f.declaration.Recv.List), fields...)
		}
		for _, field := range fields {
			for _, ident := range field.Names {
				if ident.Name == e.Name {
					return f.named(field.Type)
				}
			}
		}
	case *ast.SelectorExpr:
		at, ok := w.typeOf(f, e.X)
		if !ok || w.r.units[at.importPath] == nil {
			return holder{}, false
		}
		for _, file := range w.r.units[at.importPath].files {
			there := function{scope{r: w.r, importPath: at.importPath, imports: imported(file)}, nil}
			for _, declaration := range file.Decls {
				general, ok := declaration.(*ast.GenDecl)
				if !ok || general.Tok != token.TYPE {
					continue
				}
				for _, spec := range general.Specs {
					structure, ok := spec.(*ast.TypeSpec).Type.(*ast.StructType)
					if !ok || spec.(*ast.TypeSpec).Name.Name != at.name {
						continue
					}
					for _, field := range structure.Fields.List {
						for _, ident := range field.Names {
							if ident.Name == e.Sel.Name {
								return there.named(field.Type)
							}
						}
					}
				}
			}
		}
	}
	return holder{}, false
}

func (f function) named(expression ast.Expr) (holder, bool) {
	if star, ok := expression.(*ast.StarExpr); ok {
		expression = star.X
	}
	return f.target(expression)
}

// base is the name of a type without pointer, of a variable, or of what is selected.
func base(expression ast.Expr) string {
	switch e := expression.(type) {
	case *ast.StarExpr:
		return base(e.X)
	case *ast.SelectorExpr:
		return e.Sel.Name
	case *ast.Ident:
		return e.Name
	}
	return ""
}

// imported are the packages of a file by the names that it gives them.
func imported(file *ast.File) map[string]string {
	found := map[string]string{}
	for _, one := range file.Imports {
		target := strings.Trim(one.Path.Value, `"`)
		short := path.Base(target)
		if one.Name != nil {
			short = one.Name.Name
		}
		found[short] = target
	}
	return found
}
