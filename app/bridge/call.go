package bridge

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"runtime/debug"
)

// resultLimit bounds one answer in bytes: what is larger does not belong in a call.
const resultLimit = 64 << 20

// method is one bound method.
type method struct {
	call reflect.Value
	in   reflect.Type
}

var errorType = reflect.TypeFor[error]()

// methodsOf finds the methods of bound structs under the names the generated bindings use: package.Struct.Method.
func methodsOf(bound []any) (map[string]method, error) {
	methods := map[string]method{}
	for _, one := range bound {
		value := reflect.ValueOf(one)
		if value.Kind() != reflect.Pointer || value.Elem().Kind() != reflect.Struct {
			return nil, fmt.Errorf("%T is not a pointer to a struct", one)
		}
		for i := range value.NumMethod() {
			name := value.Elem().Type().String() + "." + value.Type().Method(i).Name
			kind := value.Method(i).Type()
			if kind.NumIn() != 1 || kind.IsVariadic() || kind.NumOut() != 2 || kind.Out(1) != errorType {
				return nil, fmt.Errorf("%s is %s; a bound method is func(In) (Out, error)", name, kind)
			}
			methods[name] = method{value.Method(i), kind.In(0)}
		}
	}
	return methods, nil
}

// request is what the window sends.
type request struct {
	ID   uint64          `json:"id"`
	Name string          `json:"name"`
	Arg  json.RawMessage `json:"arg"`
}

// answer is what it gets: a result, or the text of an error.
type answer struct {
	ID     uint64          `json:"id"`
	Result json.RawMessage `json:"result,omitempty"`
	Error  string          `json:"error,omitempty"`
}

// run calls a method and always has an answer.
func (b *Bridge) run(r request) answer {
	result, err := b.invoke(r)
	if err != nil {
		text := err.Error()
		if text == "" {
			text = "unknown error"
		}
		return answer{ID: r.ID, Error: text}
	}
	return answer{ID: r.ID, Result: result}
}

// invoke calls a method; a panic in it, and a result that cannot be told in JSON, are errors of this call alone.
func (b *Bridge) invoke(r request) (result json.RawMessage, err error) {
	defer func() {
		if p := recover(); p != nil {
			b.options.Log.Error("a bound method panicked", "method", r.Name, "panic", p, "stack", string(debug.Stack()))
			result, err = nil, fault("failed", fmt.Sprintf("something went wrong inside Assay: %v", p))
		}
	}()
	m, known := b.methods[r.Name]
	if !known {
		return nil, fault("usage", fmt.Sprintf("there is no method %.100q", r.Name))
	}
	in := reflect.New(m.in)
	if len(r.Arg) > 0 {
		if err := json.Unmarshal(r.Arg, in.Interface()); err != nil {
			return nil, fault("usage", r.Name+" does not take this: "+err.Error())
		}
	}
	out := m.call.Call([]reflect.Value{in.Elem()})
	if failed, is := out[1].Interface().(error); is {
		return nil, failed
	}
	result, err = encode(out[0].Interface())
	if err != nil {
		return nil, fault("failed", "the result of "+r.Name+" cannot be sent: "+err.Error())
	}
	if len(result) > resultLimit {
		return nil, fault("failed", fmt.Sprintf("the result of %s is too large to be shown (%d bytes)", r.Name, len(result)))
	}
	return result, nil
}

// encode is json.Marshal without the escapes for HTML, which this never becomes.
func encode(v any) ([]byte, error) {
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimRight(out.Bytes(), "\n"), nil
}

func encodeEvent(event string, data any) ([]byte, error) {
	return encode(struct {
		Event string `json:"event"`
		Data  any    `json:"data"`
	}{event, data})
}

// fault is an error in the form the window reads.
func fault(code, message string) error {
	text, err := encode(map[string]string{"code": code, "message": message, "hint": ""})
	if err != nil {
		return err
	}
	return errors.New(string(text))
}
