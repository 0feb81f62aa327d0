package window

import (
	"bytes"
	"encoding/base64"
	"image"
	_ "image/jpeg" // logos are PNG or JPEG
	"image/png"

	"assay/app"
)

// Bounds of a logo.
const (
	mostLogo     = 1 << 20 // bytes
	mostLogoSide = 4_000   // pixels: a picture that is larger unpacked takes memory for nothing
)

// SetLogo replaces the picture on the cover, or takes it away. A picture is drawn anew, so that nothing travels with it
// that is not seen: places, names of programs, thumbnails of what was cut off.
func (r *Reports) SetLogo(in SetReportLogoIn) (out ReportLogo, err error) {
	defer r.desk.guard(&err)
	project, err := r.desk.openedToWrite()
	if err != nil {
		return out, err
	}
	var logo []byte
	if in.Picture != "" {
		if logo, err = readLogo(in.Picture); err != nil {
			return out, err
		}
	}
	err = r.change(project, func(kept *app.KeptReportOptions) error {
		kept.Cover.Logo = logo
		return nil
	})
	return logoOf(logo), err
}

// readLogo reads what a person chose as a logo, and draws it anew.
func readLogo(text string) ([]byte, error) {
	noPicture := &app.Error{Code: app.CodeInput, Message: "this is no picture that a report can have", Hint: "a logo is a PNG or JPEG file"}
	if len(text) > base64.StdEncoding.EncodedLen(mostLogo) {
		return nil, &app.Error{Code: app.CodeInput, Message: "the logo is larger than " + app.Bytes(mostLogo), Hint: "a picture of a few hundred pixels is enough"}
	}
	data, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return nil, noPicture
	}
	size, format, err := image.DecodeConfig(bytes.NewReader(data))
	if err != nil || format != "png" && format != "jpeg" {
		return nil, noPicture
	}
	if size.Width > mostLogoSide || size.Height > mostLogoSide || size.Width < 1 || size.Height < 1 {
		return nil, &app.Error{Code: app.CodeInput, Message: "the logo is more than 4,000 pixels wide or high", Hint: "a picture of a few hundred pixels is enough"}
	}
	picture, _, err := image.Decode(bytes.NewReader(data))
	if err != nil {
		return nil, noPicture
	}
	var drawn bytes.Buffer
	if err := png.Encode(&drawn, picture); err != nil {
		return nil, err
	}
	if drawn.Len() > mostLogo {
		return nil, &app.Error{Code: app.CodeInput, Message: "the logo is larger than " + app.Bytes(mostLogo) + " once it is drawn anew", Hint: "choose a smaller picture"}
	}
	return drawn.Bytes(), nil
}

// logoOf is a logo as the window shows it.
func logoOf(logo []byte) (out ReportLogo) {
	size, format, err := image.DecodeConfig(bytes.NewReader(logo))
	if err != nil {
		return out
	}
	return ReportLogo{
		Picture: "data:image/" + format + ";base64," + base64.StdEncoding.EncodeToString(logo), Width: size.Width, Height: size.Height, Bytes: len(logo),
	}
}
