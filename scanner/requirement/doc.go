// Package requirement reads what has to hold in a project (templates/requirements/*.yaml, and a person's own files) and says
// of what was seen whether it does: pass, fail, or unknown where nothing was seen that would tell.
//
// A requirement carries samples that must pass and must fail; one whose samples do not come true is refused when it is read,
// with file, line and column.
package requirement
