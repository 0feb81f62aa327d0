package window_test

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"

	"assay/app"
	"assay/app/window"
)

// outward are methods that do something outside the project when they are called: they are not called here.
var outward = map[string]string{
	"Certificate.Trust":  "changes the trust stores of this computer",
	"Reports.Open":       "opens a file in another program",
	"Setup.OpenBrowser":  "opens a browser",
	"Setup.OpenTerminal": "opens a terminal",
}

// eachMethod visits every bound method of a desk, as Struct.Method.
func eachMethod(desk *window.Desk, visit func(name string, method reflect.Value)) {
	for _, bound := range desk.Bound() {
		value := reflect.ValueOf(bound)
		for i := range value.NumMethod() {
			visit(value.Elem().Type().Name()+"."+value.Type().Method(i).Name, value.Method(i))
		}
	}
}

func unstarted(t *testing.T) *window.Desk {
	t.Helper()
	home, err := app.OpenHome(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	return window.New(&app.App{Home: home, Version: "test"}, window.Options{
		Mode: window.Browser, Project: filepath.Join(t.TempDir(), "empty.assay"), Record: app.RecordOptions{Listen: "127.0.0.1:0"},
	})
}

// TestBoundTypes holds what package window promises about the types of its methods.
func TestBoundTypes(t *testing.T) {
	t.Parallel()
	exists := map[string]bool{}
	eachMethod(unstarted(t), func(name string, method reflect.Value) {
		kind := method.Type()
		if kind.NumIn() != 1 || kind.NumOut() != 2 || kind.IsVariadic() || kind.Out(1) != reflect.TypeFor[error]() {
			t.Errorf("%s is %s; a bound method is func(In) (Out, error)", name, kind)
			return
		}
		for _, side := range []reflect.Type{kind.In(0), kind.Out(0)} {
			if side.Kind() != reflect.Struct {
				t.Errorf("%s: %s is no struct", name, side)
			}
			for _, problem := range problemsOf(side, side.Name(), map[reflect.Type]bool{}) {
				t.Errorf("%s: %s", name, problem)
			}
		}
		exists[name] = true
	})
	for name := range outward {
		if !exists[name] {
			t.Errorf("%s is in the list of those that are not called, and does not exist", name)
		}
	}
}

var snake = regexp.MustCompile(`^[a-z][a-z0-9]*(_[a-z0-9]+)*$`)

// problemsOf says what in a type would not reach the window, or would have another type there than the bindings say.
func problemsOf(kind reflect.Type, at string, seen map[reflect.Type]bool) (problems []string) {
	if seen[kind] {
		return nil
	}
	seen[kind] = true
	bad := func(format string, args ...any) { problems = append(problems, at+": "+fmt.Sprintf(format, args...)) }
	switch {
	case strings.Contains(kind.Name(), "["):
		bad("the bindings have no generics: %s", kind)
	case kind == reflect.TypeFor[time.Time](), kind == reflect.TypeFor[json.RawMessage](), kind.Implements(reflect.TypeFor[json.Marshaler]()):
		bad("%s is typed wrongly by the bindings; use a string", kind)
	}
	switch kind.Kind() {
	case reflect.String, reflect.Bool, reflect.Int, reflect.Int32, reflect.Int64, reflect.Uint16, reflect.Uint32, reflect.Float64:
	case reflect.Slice:
		if kind.Elem().Kind() == reflect.Uint8 {
			bad("bytes do not pass through bindings")
		}
		problems = append(problems, problemsOf(kind.Elem(), at+"[]", seen)...)
	case reflect.Map:
		if kind.Key().Kind() != reflect.String {
			bad("the keys of an object are strings")
		}
		problems = append(problems, problemsOf(kind.Elem(), at+"{}", seen)...)
	case reflect.Struct:
		names := map[string]bool{}
		for field := range kind.Fields() {
			name, options, _ := strings.Cut(field.Tag.Get("json"), ",")
			here := at + "." + field.Name
			switch {
			case !field.IsExported(), field.Anonymous:
				bad("%s is embedded or unexported", field.Name)
			case !snake.MatchString(name):
				bad("%s is called %q in JSON; names are snake_case", field.Name, name)
			case names[name]:
				bad("two fields are called %q", name)
			case options != "" && options != "omitempty": // optional in the bindings too
				bad("%s has the option %q, of which the bindings know nothing", field.Name, options)
			}
			names[name] = true
			problems = append(problems, problemsOf(field.Type, here, seen)...)
		}
	default:
		bad("%s does not pass through bindings", kind)
	}
	return problems
}

// TestBoundCalls calls every method with nothing, before the desk has started and on an empty project: each answers soon,
// with a result without nulls or with an error that the window can show.
func TestBoundCalls(t *testing.T) {
	t.Parallel()
	var names []string
	eachMethod(unstarted(t), func(name string, _ reflect.Value) {
		if outward[name] == "" {
			names = append(names, name)
		}
	})
	for _, started := range []bool{false, true} {
		for _, name := range names {
			t.Run(fmt.Sprintf("%s started=%v", name, started), func(t *testing.T) {
				t.Parallel()
				desk := unstarted(t)
				if started {
					desk.Start(t.Context(), window.Host{Emit: func(string, any) {}})
				}
				t.Cleanup(func() {
					if err := desk.Close(); err != nil {
						t.Error(err)
					}
				})
				eachMethod(desk, func(other string, method reflect.Value) {
					if other == name {
						callWithNothing(t, method)
					}
				})
			})
		}
	}
}

func callWithNothing(t *testing.T, method reflect.Value) {
	t.Helper()
	done := make(chan []reflect.Value, 1)
	go func() { done <- method.Call([]reflect.Value{reflect.Zero(method.Type().In(0))}) }()
	var results []reflect.Value
	select {
	case results = <-done:
	case <-time.After(time.Minute):
		t.Fatal("no answer")
	}
	if err, failed := results[1].Interface().(error); failed {
		var fault window.Fault
		if json.Unmarshal([]byte(err.Error()), &fault) != nil || fault.Code == "" || fault.Message == "" {
			t.Errorf("the window cannot show this error: %v", err)
		}
		if strings.Contains(fault.Message, "inside Assay") {
			t.Errorf("it panicked: %s", fault.Message)
		}
		return
	}
	data, err := json.Marshal(results[0].Interface())
	if err != nil {
		t.Fatalf("the result cannot be told: %v", err)
	}
	var value any
	if err := json.Unmarshal(data, &value); err != nil {
		t.Fatal(err)
	}
	for _, path := range nulls(value, "result") {
		t.Errorf("%s is null: the window expects a list there", path)
	}
}

func nulls(value any, at string) (found []string) {
	switch value := value.(type) {
	case nil:
		return []string{at}
	case []any:
		for i, each := range value {
			found = append(found, nulls(each, fmt.Sprintf("%s[%d]", at, i))...)
		}
	case map[string]any:
		for name, each := range value {
			found = append(found, nulls(each, at+"."+name)...)
		}
	}
	return found
}
