package window

// StoodOut is what there is to say something of.
type StoodOut struct {
	Exchanges int64 `json:"exchanges"`
	Models    int   `json:"models"` // imported ones
	Runs      int   `json:"runs"`   // of tests
}

// HomeIn says of what the posture is asked.
type HomeIn struct {
	Of string `json:"of"` // endpoint:7, model:NAME, client:NAME; empty for the whole project
}

// HomePosture is how things stand: one score, and everything that it is made of.
type HomePosture struct {
	Of      string         `json:"of"`
	Name    string         `json:"name"` // of the part; empty for the whole project
	At      string         `json:"at"`
	Enough  bool           `json:"enough"`  // there is evidence for a score
	Score   float64        `json:"score"`   // 0 to 100; what it cannot be above where Enough is false
	Grade   string         `json:"grade"`   // A to F; empty where Enough is false
	Missing string         `json:"missing"` // why there is no score
	Reasons []HomeReason   `json:"reasons"` // what takes most away first
	Areas   []HomeArea     `json:"areas"`   // the formula, with what each area takes away here
	Items   []HomeCovered  `json:"items"`   // of the OWASP list, in order
	List    string         `json:"list"`    // what that list is called, with its version
	Gaps    []HomeGap      `json:"gaps"`
	Advice  []HomeAdvice   `json:"advice"` // what gains most for its effort first
	Done    []HomeAdvice   `json:"done"`   // what a retest showed to be done, the newest first
	Trend   []HomeSnapshot `json:"trend"`  // how things stood before, the oldest first; of the whole project alone
	Moved   HomeMoved      `json:"moved"`
	More    int            `json:"more"` // reasons, gaps and advice beyond those that are listed
}

// HomeReason is one thing that takes points away.
type HomeReason struct {
	Area   string  `json:"area"`
	Code   string  `json:"code"`
	Points float64 `json:"points"`
	Full   float64 `json:"full"` // what it would take away if its area had no limit
	What   string  `json:"what"`
	Ref    string  `json:"ref"` // its evidence: finding:3, endpoint:7, threat:9, owasp:LLM01:2025, requirement:ID; empty for none
}

// HomeArea is a part of the score.
type HomeArea struct {
	Area  string  `json:"area"`
	Limit float64 `json:"limit"` // the most it can take away
	Taken float64 `json:"taken"` // that it takes away now
	N     int     `json:"n"`     // reasons in it
	Why   string  `json:"why"`   // it has that limit
}

// HomeCovered is an item of a framework, with what tests came to.
type HomeCovered struct {
	ID         string `json:"id"`
	Title      string `json:"title"`
	State      string `json:"state"` // vulnerable, resisted, tested, not_tested, not_testable
	Cases      int    `json:"cases"`
	Vulnerable int    `json:"vulnerable"`
	Targets    int    `json:"targets"`
	Templates  int    `json:"templates"` // that would test it
	Last       string `json:"last"`
	Why        string `json:"why"` // it cannot be tested
}

// HomeGap is something that nobody knows, or that nothing guards.
type HomeGap struct {
	Code   string `json:"code"`
	What   string `json:"what"`
	Ref    string `json:"ref"`
	N      int    `json:"n"`
	Advice string `json:"advice"` // what to do about this one
}

// HomeAdvice is one thing to do, or one that a retest showed to be done.
type HomeAdvice struct {
	Priority string    `json:"priority"` // P0, P1, P2
	Code     string    `json:"code"`
	What     string    `json:"what"`
	Why      string    `json:"why"`
	Who      string    `json:"who"`
	Check    string    `json:"check"`
	Effort   string    `json:"effort"` // low, medium, high
	Gain     float64   `json:"gain"`   // points that it gives back by itself; 0 where others hold the score down
	Risk     float64   `json:"risk"`   // points of everything that it mends, without the limits of areas
	Refs     []HomeRef `json:"refs"`
	Run      string    `json:"run"`     // that showed it to be done; empty where it is not
	DoneAt   string    `json:"done_at"` // when that was
}

// HomeRef leads to evidence.
type HomeRef struct {
	Ref  string `json:"ref"`  // as HomeReason.Ref
	Name string `json:"name"` // for people; empty where Ref has a number
}

// HomeMoved is what moved the score since a snapshot.
type HomeMoved struct {
	Since string     `json:"since"` // when that was taken; empty where nothing moved
	Cause string     `json:"cause"`
	By    float64    `json:"by"`    // points
	Moves []HomeMove `json:"moves"` // what moved it most first
	More  int        `json:"more"`
}

// HomeSnapshot is how things stood at a time.
type HomeSnapshot struct {
	At         string  `json:"at"`
	Cause      string  `json:"cause"` // day, run:7
	Enough     bool    `json:"enough"`
	Score      float64 `json:"score"` // the most it could have been where Enough is false
	Grade      string  `json:"grade"`
	Severities []int   `json:"severities"` // open weaknesses: critical, high, medium, low, info
}

// HomeMove is one thing that moved the score.
type HomeMove struct {
	Points float64 `json:"points"` // positive where the score rose
	Kind   string  `json:"kind"`   // new, gone, changed: of the reason that takes points away
	What   string  `json:"what"`
	Ref    string  `json:"ref"`
}

// HomeCoverageIn names a framework.
type HomeCoverageIn struct {
	Framework string `json:"framework"` // owasp-llm where it is empty
}

// HomeCoverage is how a framework stands: its items, and each of them for each asset.
type HomeCoverage struct {
	Frameworks []HomeFramework `json:"frameworks"` // all that there are
	ID         string          `json:"id"`         // of the one that the rest is about
	Assets     []string        `json:"assets"`     // what was tested or can be, in the order of cells
	Rows       []HomeRow       `json:"rows"`
	Note       string          `json:"note"` // on how it is counted
}

// HomeFramework is a framework in one version.
type HomeFramework struct {
	ID      string `json:"id"`
	Name    string `json:"name"`
	Version string `json:"version"`
	Source  string `json:"source"` // where it is published
}

// HomeRow is an item of a framework, with a cell for each asset.
type HomeRow struct {
	Item  HomeCovered `json:"item"`
	Cells []HomeCell  `json:"cells"`
}

// HomeCell is how one item stands for one asset.
type HomeCell struct {
	State string `json:"state"`
	Cases int    `json:"cases"`
	Ref   string `json:"ref"` // of the evidence; empty for none
}

// HomeRequirements are what has to hold.
type HomeRequirements struct {
	Items []HomeRequirement `json:"items"` // what fails first
}

// HomeRequirement is something that has to hold, with what was seen of it.
type HomeRequirement struct {
	ID       string    `json:"id"`
	Name     string    `json:"name"`
	Why      string    `json:"why"`
	Severity string    `json:"severity"`
	OWASP    []string  `json:"owasp"`
	State    string    `json:"state"` // pass, fail, unknown
	Of       int       `json:"of"`
	Failing  int       `json:"failing"`
	What     string    `json:"what"`
	Refs     []HomeRef `json:"refs"`
	Fix      string    `json:"fix"`
	Enforced string    `json:"enforced"` // the policy that holds it; empty for none
	CanHold  bool      `json:"can_hold"` // the guard can be made to hold it
}

// HomeEnforceIn names a requirement, and what the guard does with what breaks it.
type HomeEnforceIn struct {
	ID     string `json:"id"`
	Action string `json:"action"` // as of a policy; empty only says what it would do
}

// HomeEnforced is the policy that the guard holds a requirement by.
type HomeEnforced struct {
	Policy string `json:"policy"` // its id
	Name   string `json:"name"`
	Action string `json:"action"`
	Made   bool   `json:"made"` // just now; otherwise it was there
}

// HomeAssets are what the risk lies in.
type HomeAssets struct {
	Items []HomeAsset `json:"items"` // the worst first
	More  int         `json:"more"`
}

// HomeAsset is an endpoint, a model or a client with how it stands by itself.
type HomeAsset struct {
	Ref     string  `json:"ref"`  // of its posture: endpoint:7, model:NAME, client:NAME
	Kind    string  `json:"kind"` // endpoint, model, client
	Name    string  `json:"name"`
	Enough  bool    `json:"enough"`
	Score   float64 `json:"score"` // at most, where Enough is false
	Grade   string  `json:"grade"`
	Missing string  `json:"missing"` // why there is no score
	Risk    int     `json:"risk"`    // of its riskiest endpoint, 0 to 100
	Open    int     `json:"open"`    // weaknesses
	Worst   string  `json:"worst"`
	Threats int     `json:"threats"` // open ones
	Tested  int     `json:"tested"`  // categories of the OWASP list that came to a verdict
	Of      int     `json:"of"`      // categories that the list has
}

// HomeSeen is what was recorded: who talks to what, and the conversations that began last.
type HomeSeen struct {
	Latest    []HomeLatest `json:"latest"`    // the newest first
	Providers []HomeTally  `json:"providers"` // most frequent first, as the next two
	Models    []HomeTally  `json:"models"`
	Hosts     []HomeTally  `json:"hosts"`
}

// HomeLatest is one conversation.
type HomeLatest struct {
	ID      string `json:"id"` // of its exchange
	Said    string `json:"said"`
	From    string `json:"from"` // its model, or where it went
	Started string `json:"started"`
}

// HomeTally is a value and how many exchanges have it.
type HomeTally struct {
	Value string `json:"value"` // as a filter has it
	Name  string `json:"name"`  // as it is shown
	N     int64  `json:"n"`
}

// HomeCriticals are the newest open weaknesses of the worst kind.
type HomeCriticals struct {
	Items      []HomeFinding `json:"items"`      // the newest first
	Total      int           `json:"total"`      // open weaknesses of that severity
	Severity   string        `json:"severity"`   // critical; high where none is critical
	Open       int           `json:"open"`       // open weaknesses of any severity
	Severities []int         `json:"severities"` // of those: critical, high, medium, low, info
}

// HomeFinding is one open weakness.
type HomeFinding struct {
	ID       string `json:"id"`
	Title    string `json:"title"`
	Severity string `json:"severity"`
	Target   string `json:"target"`
	First    string `json:"first_seen"`
	Last     string `json:"last_seen"`
}
