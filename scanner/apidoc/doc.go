// Package apidoc reads descriptions of APIs (OpenAPI 3.x, Swagger 2.0, Postman collections), tells which endpoints of an
// inventory they describe and which not, and writes what traffic showed as OpenAPI 3.1.
//
// A document is a file from somebody: what of it cannot be read is listed with line and column, and the rest is used.
// Nothing is loaded from elsewhere: references lead into the same file, or are a problem.
package apidoc
