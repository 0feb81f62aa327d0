package app

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"

	"assay/scanner/template"
	"assay/templates"
)

// Shelf is the library as a window shows it for as long as it is open: it is read again only where a file changed.
type Shelf struct {
	app *App

	mu       sync.Mutex
	revision string
	library  *template.Library
	problems []TemplateProblem
}

// Shelf returns the library of the shipped templates and those of the person's own folder.
func (a *App) Shelf() *Shelf { return &Shelf{app: a} }

// Folder is where a person's own templates are kept; empty where there is none.
func (s *Shelf) Folder() string {
	if s.app.Home == nil {
		return ""
	}
	return s.app.Home.templatesDir()
}

// Revision names the state of the folder: names, sizes and times of its files.
func (s *Shelf) Revision() string { return folderRevision(s.Folder()) }

// Read returns the library as its files are now.
func (s *Shelf) Read() (library *template.Library, problems []TemplateProblem, revision string, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	revision = s.Revision()
	if s.library == nil || revision != s.revision {
		if s.library, s.problems, err = s.app.Library(""); err != nil {
			s.library = nil
			return nil, nil, "", err
		}
		s.revision = revision
	}
	return s.library, s.problems, revision, nil
}

// Source returns the text of a file that templates were read from, and whether it is a person's own.
func (s *Shelf) Source(file string) (text string, own bool, err error) {
	if data, err := fs.ReadFile(templates.Files, file); err == nil {
		return string(data), false, nil
	}
	root, err := s.root()
	if err != nil {
		return "", false, err
	}
	defer func() { _ = root.Close() }()
	data, err := root.ReadFile(file)
	if err != nil {
		return "", true, &Error{Code: CodeNotFound, Message: "this template is no longer in its folder", Err: err, Hint: "the library shows what is there now"}
	}
	return string(data), true, nil
}

// Own reports whether a file is one of a person's own.
func (s *Shelf) Own(file string) bool {
	_, err := fs.Stat(templates.Files, file)
	return err != nil
}

// root opens the folder, so that no name leads out of it.
func (s *Shelf) root() (*os.Root, error) {
	if s.Folder() == "" {
		return nil, &Error{Code: CodeFailed, Message: "there is no folder for templates of one's own"}
	}
	if err := os.MkdirAll(s.Folder(), 0o700); err != nil {
		return nil, &Error{Code: CodeFailed, Message: "the folder for templates cannot be made", Err: err}
	}
	return os.OpenRoot(s.Folder())
}

// mostTemplate bounds the size of a template's file.
const mostTemplate = 1 << 20

// Check says what is wrong in the text of a template, its examples left aside. The template is what could be read of it.
func (s *Shelf) Check(file, text string) (*template.Template, []TemplateProblem) {
	if len(text) > mostTemplate {
		return nil, []TemplateProblem{{File: file, What: "a template has at most 1 MiB"}}
	}
	return template.Parse(file, []byte(text))
}

// templateFile is a file that a person may name: its name is the template's id.
var templateFile = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,79}\.ya?ml$`)

// Save keeps the text of one of a person's own templates. What is wrong in it is told and kept all the same.
func (s *Shelf) Save(file, text string) ([]TemplateProblem, error) {
	if !templateFile.MatchString(filepath.Base(file)) {
		return nil, &Error{Code: CodeUsage, Message: "a template's file is named after its id, in small letters, digits and hyphens, and ends in .yaml"}
	}
	if len(text) > mostTemplate {
		return nil, &Error{Code: CodeInput, Message: "a template has at most 1 MiB"}
	}
	root, err := s.root()
	if err != nil {
		return nil, err
	}
	defer func() { _ = root.Close() }()
	if err := root.WriteFile(file+".new", []byte(text), 0o600); err != nil {
		return nil, &Error{Code: CodeFailed, Message: "the template cannot be kept", Err: err}
	}
	if err := root.Rename(file+".new", file); err != nil {
		return nil, &Error{Code: CodeFailed, Message: "the template cannot be kept", Err: err}
	}
	_, problems := s.Check(file, text)
	return problems, nil
}

// Remove takes one of a person's own templates out of the folder, and returns what it said.
func (s *Shelf) Remove(file string) (text string, err error) {
	text, own, err := s.Source(file)
	if err != nil {
		return "", err
	}
	if !own {
		return "", &Error{Code: CodeUsage, Message: "this template comes with the program and cannot be removed"}
	}
	root, err := s.root()
	if err != nil {
		return "", err
	}
	defer func() { _ = root.Close() }()
	return text, root.Remove(file)
}

// idLine is the line of a template that names it.
var idLine = regexp.MustCompile(`(?m)^id:.*$`)

// Copy begins a template of one's own as a copy of another, and returns its file.
func (s *Shelf) Copy(from, id string) (file string, problems []TemplateProblem, err error) {
	library, _, _, err := s.Read()
	if err != nil {
		return "", nil, err
	}
	t, err := library.Template(from)
	if err != nil {
		return "", nil, templateError(err)
	}
	if _, err := library.Template(id); err == nil {
		return "", nil, &Error{Code: CodeUsage, Message: "there is a template " + id + " already", Hint: "give the copy another id"}
	}
	text, _, err := s.Source(t.File)
	if err != nil {
		return "", nil, err
	}
	file = id + ".yaml"
	if _, own, err := s.Source(file); err == nil && own {
		return "", nil, &Error{Code: CodeUsage, Message: "the folder has a file " + file + " already", Hint: "give the copy another id"}
	}
	text = idLine.ReplaceAllString(text, "id: "+strings.ReplaceAll(id, "$", ""))
	problems, err = s.Save(file, text)
	return file, problems, err
}
