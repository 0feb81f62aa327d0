package launch

import (
	"fmt"
	"slices"
	"strings"
)

// Shells are the languages [Env.Script] knows.
func Shells() []string { return []string{"sh", "bash", "zsh", "fish", "powershell", "cmd"} }

// Script gives the lines that set this environment in a shell that is already open: one of [Shells].
func (e *Env) Script(shell string) (string, error) {
	if shell == "bash" || shell == "zsh" {
		shell = "sh"
	}
	if !slices.Contains(Shells(), shell) {
		return "", fmt.Errorf("no way to write variables for the shell %q: take one of %s", shell, strings.Join(Shells(), ", "))
	}
	var out strings.Builder
	for _, name := range e.Unset {
		switch shell {
		case "sh":
			fmt.Fprintf(&out, "unset %s\n", name)
		case "fish":
			fmt.Fprintf(&out, "set -e %s\n", name)
		case "cmd":
			fmt.Fprintf(&out, "set %s=\r\n", name)
		case "powershell":
			fmt.Fprintf(&out, "Remove-Item Env:%s -ErrorAction SilentlyContinue\n", name)
		}
	}
	for _, variable := range variables {
		value := e.Set[variable.Name]
		switch shell {
		case "sh":
			fmt.Fprintf(&out, "export %s=%s\n", variable.Name, quoteShell(value))
		case "fish":
			fmt.Fprintf(&out, "set -gx %s '%s'\n", variable.Name, strings.NewReplacer(`\`, `\\`, "'", `\'`).Replace(value))
		case "cmd":
			fmt.Fprintf(&out, "set \"%s=%s\"\r\n", variable.Name, value)
		case "powershell":
			fmt.Fprintf(&out, "$env:%s = '%s'\n", variable.Name, strings.ReplaceAll(value, "'", "''"))
		}
	}
	return out.String(), nil
}

func quoteShell(text string) string { return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'" }
