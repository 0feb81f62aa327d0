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
	Of      string        `json:"of"`
	At      string        `json:"at"`
	Enough  bool          `json:"enough"`  // there is evidence for a score
	Score   float64       `json:"score"`   // 0 to 100; what it cannot be above where Enough is false
	Grade   string        `json:"grade"`   // A to F; empty where Enough is false
	Missing string        `json:"missing"` // why there is no score
	Reasons []HomeReason  `json:"reasons"` // what takes most away first
	Areas   []HomeArea    `json:"areas"`   // the formula, with what each area takes away here
	Items   []HomeCovered `json:"items"`   // of the OWASP list, in order
	List    string        `json:"list"`    // what that list is called, with its version
	Gaps    []HomeGap     `json:"gaps"`
	Advice  []HomeAdvice  `json:"advice"` // what gains most for its effort first
	Done    []HomeAdvice  `json:"done"`   // what a retest showed to be done, the newest first
	More    int           `json:"more"`   // reasons, gaps and advice beyond those that are listed
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
	Code string `json:"code"`
	What string `json:"what"`
	Ref  string `json:"ref"`
	N    int    `json:"n"`
}

// HomeAdvice is one thing to do, or one that a retest showed to be done.
type HomeAdvice struct {
	Priority string   `json:"priority"` // P0, P1, P2
	Code     string   `json:"code"`
	What     string   `json:"what"`
	Why      string   `json:"why"`
	Who      string   `json:"who"`
	Check    string   `json:"check"`
	Effort   string   `json:"effort"` // low, medium, high
	Gain     float64  `json:"gain"`   // points
	Refs     []string `json:"refs"`
}

// HomeTrend is how things stood before.
type HomeTrend struct {
	Items []HomeSnapshot `json:"items"` // the oldest first
	Moves []HomeMove     `json:"moves"` // what moved the score since the snapshot before the last
	Since string         `json:"since"` // when that one was taken; empty where there is none
	Score float64        `json:"score"` // of that one
	Known bool           `json:"known"` // that one had a score
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
	What   string  `json:"what"`
	Ref    string  `json:"ref"`
}

// HomeCoverage are all frameworks.
type HomeCoverage struct {
	Items []HomeFramework `json:"items"`
}

// HomeFramework is a framework with its items, and each of them for each asset.
type HomeFramework struct {
	ID      string    `json:"id"`
	Name    string    `json:"name"`
	Version string    `json:"version"`
	Source  string    `json:"source"`
	Note    string    `json:"note"`
	Assets  []string  `json:"assets"`
	More    int       `json:"more"` // assets beyond those that are listed
	Rows    []HomeRow `json:"rows"`
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
	ID       string   `json:"id"`
	Name     string   `json:"name"`
	Why      string   `json:"why"`
	Severity string   `json:"severity"`
	OWASP    []string `json:"owasp"`
	State    string   `json:"state"` // pass, fail, unknown
	Of       int      `json:"of"`
	Failing  int      `json:"failing"`
	What     string   `json:"what"`
	Refs     []string `json:"refs"`
	Fix      string   `json:"fix"`
	Enforced string   `json:"enforced"` // the policy that holds it; empty for none
	CanHold  bool     `json:"can_hold"` // the guard can be made to hold it
}

// HomeRequirementIn names a requirement.
type HomeRequirementIn struct {
	ID string `json:"id"`
}

// HomeEnforced is the policy that holds a requirement from now on.
type HomeEnforced struct {
	Policy string `json:"policy"` // its id
	Name   string `json:"name"`
	Mode   string `json:"mode"` // of the guard: while it is off, nothing is held
}

// HomeAssets are what the risk lies in.
type HomeAssets struct {
	Items []HomeAsset `json:"items"` // the worst first
	More  int         `json:"more"`
}

// HomeAsset is an endpoint, a model or a client with how it stands by itself.
type HomeAsset struct {
	Ref    string  `json:"ref"`  // of its posture: endpoint:7, model:NAME, client:NAME
	Kind   string  `json:"kind"` // endpoint, model, client
	Name   string  `json:"name"`
	Enough bool    `json:"enough"`
	Score  float64 `json:"score"` // at most, where Enough is false
	Grade  string  `json:"grade"`
	Risk   int     `json:"risk"` // of an endpoint, 0 to 100
	Open   int     `json:"open"` // weaknesses
	Worst  string  `json:"worst"`
}

// HomeCriticals are the newest open weaknesses of the worst kind.
type HomeCriticals struct {
	Items    []HomeFinding `json:"items"`    // the newest first
	Total    int           `json:"total"`    // open weaknesses of that severity
	Severity string        `json:"severity"` // critical; high where none is critical
	Open     int           `json:"open"`     // open weaknesses of any severity
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
