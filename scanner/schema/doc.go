// Package schema infers the shape of JSON documents from the documents themselves: types, optional members, enums,
// formats, arrays, tagged unions. A Schema only ever grows: what was added stays valid against it, and more documents
// make it more precise about what is optional, never wrong about what was seen.
//
// It writes itself as JSON Schema 2020-12, which is what OpenAPI 3.1 uses.
package schema
