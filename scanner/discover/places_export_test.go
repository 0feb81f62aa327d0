package discover

// Mask and Masked let tests look at what samples show.
var Mask = mask

// MaxEndpointPlaces lets tests reach the bound.
const MaxEndpointPlaces = maxEndpointPlaces
