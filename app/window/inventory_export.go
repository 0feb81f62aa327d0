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
	write     func(*app.Inventory, io.Writer) error
}

// inventoryFormats are they: a new one is a writer here.
var inventoryFormats = map[string]inventoryFormat{
	"csv":  {"-inventory.csv", "text/csv; charset=utf-8", writeInventoryCSV},
	"json": {"-inventory.json", "application/json", writeInventoryJSON},
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
			found, err := project.Inventory(ctx, app.InventoryOptions{Query: in.Query, Changes: true})
			if err != nil {
				return "", err
			}
			app.SortInventory(found.Endpoints)
			return "", format.write(found, w)
		},
	})
}

func writeInventoryCSV(found *app.Inventory, w io.Writer) error {
	return csv.NewWriter(w).WriteAll(found.Rows())
}

// writeInventoryJSON writes what the command line prints.
func writeInventoryJSON(found *app.Inventory, w io.Writer) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(found)
}
