package window

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"

	"assay/app"
)

// inventoryFormat is a format in which the inventory is saved.
type inventoryFormat struct {
	end, mime string
	write     func(ctx context.Context, p *app.Project, query string, w io.Writer) (note string, err error)
}

// inventoryFormats are they: a new one is a writer here.
var inventoryFormats = map[string]inventoryFormat{
	"csv":     {"-inventory.csv", "text/csv; charset=utf-8", writeInventoryCSV},
	"json":    {"-inventory.json", "application/json", writeInventoryJSON},
	"openapi": {"-openapi.json", "application/json", writeInventoryOpenAPI},
}

// Export saves the inventory as a file.
func (i *Inventory) Export(in ExportInventoryIn) (out SaveOut, err error) {
	defer i.desk.guard(&err)
	format, ok := inventoryFormats[in.Format]
	if !ok {
		return out, &app.Error{
			Code: app.CodeUsage, Message: "the inventory cannot be saved as " + strconv.Quote(clip(in.Format, 40)),
			Hint: "as " + strings.Join(slices.Sorted(maps.Keys(inventoryFormats)), ", ") + " it can",
		}
	}
	if _, err := app.ParseEndpointQuery(in.Query); err != nil {
		return out, err
	}
	project, err := i.desk.opened()
	if err != nil {
		return out, err
	}
	return i.desk.save(&file{
		title: "Save the inventory", kind: "export", mime: format.mime, name: projectName(project.Store().Path()) + format.end,
		write: func(ctx context.Context, w io.Writer, _ func(done, all int64)) (string, error) {
			return format.write(ctx, project, in.Query, w)
		},
	})
}

func writeInventoryCSV(ctx context.Context, p *app.Project, query string, w io.Writer) (string, error) {
	found, err := p.Inventory(ctx, app.InventoryOptions{Query: query})
	if err != nil {
		return "", err
	}
	app.SortInventory(found.Endpoints)
	return "", csv.NewWriter(w).WriteAll(found.Rows())
}

// writeInventoryJSON writes what the command line prints.
func writeInventoryJSON(ctx context.Context, p *app.Project, query string, w io.Writer) (string, error) {
	found, err := p.Inventory(ctx, app.InventoryOptions{Query: query, Changes: true})
	if err != nil {
		return "", err
	}
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return "", e.Encode(found)
}

// writeInventoryOpenAPI writes what was seen as a document; the note tells what that has no words for.
func writeInventoryOpenAPI(ctx context.Context, p *app.Project, query string, w io.Writer) (string, error) {
	notes, err := p.WriteOpenAPI(ctx, query, w)
	return clip(strings.Join(notes, " "), longName), err
}
