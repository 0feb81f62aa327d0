package report

// The part of SARIF 2.1.0 that is written.
type (
	sarifLog struct {
		Schema  string     `json:"$schema"`
		Version string     `json:"version"`
		Runs    []sarifRun `json:"runs"`
	}
	sarifRun struct {
		Tool        sarifTool                `json:"tool"`
		Automation  *sarifAutomation         `json:"automationDetails,omitempty"`
		Taxonomies  []sarifTaxonomy          `json:"taxonomies,omitempty"`
		Invocations []sarifInvocation        `json:"invocations"`
		ColumnKind  string                   `json:"columnKind"`
		Origins     map[string]sarifArtifact `json:"originalUriBaseIds,omitempty"`
		Results     []sarifResult            `json:"results"`
		Properties  map[string]any           `json:"properties,omitempty"`
	}
	sarifTool struct {
		Driver sarifDriver `json:"driver"`
	}
	sarifDriver struct {
		Name         string           `json:"name"`
		Version      string           `json:"version,omitempty"`
		Organization string           `json:"organization,omitempty"`
		Short        *sarifMessage    `json:"shortDescription,omitempty"`
		Rules        []sarifRule      `json:"rules"`
		Supported    []sarifComponent `json:"supportedTaxonomies,omitempty"`
	}
	sarifTaxonomy struct {
		Name         string        `json:"name"`
		Version      string        `json:"version,omitempty"`
		Organization string        `json:"organization"`
		Information  string        `json:"informationUri"`
		Short        *sarifMessage `json:"shortDescription"`
		Whole        bool          `json:"isComprehensive"` // false: only what is named here
		Taxa         []sarifTaxon  `json:"taxa"`
	}
	sarifTaxon struct {
		ID      string        `json:"id"`
		Name    string        `json:"name,omitempty"`
		Short   *sarifMessage `json:"shortDescription,omitempty"`
		HelpURI string        `json:"helpUri,omitempty"`
	}
	sarifComponent struct {
		Name  string `json:"name"`
		Index int    `json:"index"`
	}
	sarifTaxonReference struct {
		ID        string         `json:"id"`
		Index     int            `json:"index"`
		Component sarifComponent `json:"toolComponent"`
	}
	sarifRelationship struct {
		Target sarifTaxonReference `json:"target"`
		Kinds  []string            `json:"kinds"`
	}
	sarifAutomation struct {
		ID string `json:"id"`
	}
	sarifRule struct {
		ID            string              `json:"id"`
		Name          string              `json:"name,omitempty"`
		Short         *sarifMessage       `json:"shortDescription,omitempty"`
		Full          *sarifMessage       `json:"fullDescription,omitempty"`
		Help          *sarifMessage       `json:"help,omitempty"`
		HelpURI       string              `json:"helpUri,omitempty"`
		Configuration *sarifConfiguration `json:"defaultConfiguration,omitempty"`
		Relationships []sarifRelationship `json:"relationships,omitempty"`
		Properties    map[string]any      `json:"properties,omitempty"`
	}
	sarifConfiguration struct {
		Level string `json:"level"`
	}
	sarifMessage struct {
		Text     string `json:"text"`
		Markdown string `json:"markdown,omitempty"`
	}
	sarifInvocation struct {
		OK    bool        `json:"executionSuccessful"`
		Start string      `json:"startTimeUtc,omitempty"`
		End   string      `json:"endTimeUtc,omitempty"`
		Notes []sarifNote `json:"toolExecutionNotifications"`
	}
	sarifNote struct {
		Level      string          `json:"level"`
		Descriptor *sarifReference `json:"descriptor,omitempty"`
		Rule       *sarifReference `json:"associatedRule,omitempty"`
		Message    sarifMessage    `json:"message"`
	}
	sarifReference struct {
		ID string `json:"id"`
	}
	sarifResult struct {
		Rule         string                `json:"ruleId"`
		RuleIndex    *int                  `json:"ruleIndex,omitempty"`
		Kind         string                `json:"kind"`
		Level        string                `json:"level"`
		Message      sarifMessage          `json:"message"`
		Locations    []sarifLocation       `json:"locations"`
		Related      []sarifLocation       `json:"relatedLocations,omitempty"`
		Taxa         []sarifTaxonReference `json:"taxa,omitempty"`
		Prints       map[string]string     `json:"partialFingerprints"`
		Count        int                   `json:"occurrenceCount"`
		Baseline     string                `json:"baselineState,omitempty"`
		Suppressions []sarifSuppression    `json:"suppressions"`
		Properties   map[string]any        `json:"properties,omitempty"`
	}
	sarifLocation struct {
		ID       *int           `json:"id,omitempty"`
		Physical *sarifPhysical `json:"physicalLocation,omitempty"`
		Message  *sarifMessage  `json:"message,omitempty"`
	}
	sarifPhysical struct {
		Artifact sarifArtifact `json:"artifactLocation"`
		Region   *sarifRegion  `json:"region,omitempty"`
	}
	sarifArtifact struct {
		URI  string `json:"uri"`
		Base string `json:"uriBaseId,omitempty"`
	}
	sarifRegion struct {
		StartLine int `json:"startLine"`
	}
	sarifSuppression struct {
		Kind          string `json:"kind"`
		Status        string `json:"status"`
		Justification string `json:"justification"`
	}
)
