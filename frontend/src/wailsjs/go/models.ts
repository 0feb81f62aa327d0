export namespace app {
	
	export interface AlertSettings {
	    desktop: boolean;
	}
	export interface AppearanceSettings {
	    theme: string;
	    density: string;
	    font_size: number;
	    reduce_motion: boolean;
	}
	export interface CaptureSettings {
	    listen: string;
	    allow_remote: boolean;
	    at_start: boolean;
	    scope: string[];
	    pass_through: string[];
	    pass_refused: boolean;
	    accept_certificate: string[];
	    upstream_proxy: string;
	}
	export interface Shortcut {
	    command: string;
	    keys: string[];
	}
	export interface KeyboardSettings {
	    letters: boolean;
	    shortcuts: Shortcut[];
	}
	export interface RetentionSettings {
	    age_days: number;
	    size: string;
	}
	export interface SettingProblem {
	    field: string;
	    message: string;
	}
	export interface WindowSettings {
	    x: number;
	    y: number;
	    width: number;
	    height: number;
	    maximised: boolean;
	}
	export interface Settings {
	    capture: CaptureSettings;
	    retention: RetentionSettings;
	    appearance: AppearanceSettings;
	    keyboard: KeyboardSettings;
	    alerts: AlertSettings;
	    window: WindowSettings;
	}
	
	export interface StoreState {
	    store: string;
	    clients: string;
	    state: string;
	    detail?: string;
	}
	export interface TrustStep {
	    store: string;
	    why: string;
	    command: string;
	    root: boolean;
	}

}

export namespace window {
	
	export interface Module {
	    name: string;
	    version: string;
	}
	export interface AboutOut {
	    version: string;
	    commit: string;
	    built: string;
	    go: string;
	    system: string;
	    licence: string;
	    modules: Module[];
	}
	export interface AcceptIn {
	    run: string;
	    n: number;
	    reason: string;
	}
	export interface FindingBefore {
	    id: string;
	    state: string;
	}
	export interface AcceptOut {
	    before: FindingBefore[];
	}
	export interface ActionCount {
	    action: string;
	    n: number;
	}
	export interface ActorIn {
	    key: string;
	}
	export interface ThreatRow {
	    id: string;
	    rule: string;
	    title: string;
	    severity: string;
	    state: string;
	    owasp: string[];
	    actor: string;
	    name: string;
	    kind: string;
	    host: string;
	    model: string;
	    first_seen: string;
	    last_seen: string;
	    count: number;
	    slow: boolean;
	    seen: string;
	    noted: boolean;
	}
	export interface ActorUsual {
	    measure: string;
	    low: number;
	    high: number;
	    now: number;
	    of: number;
	    above: boolean;
	}
	export interface Count {
	    value: string;
	    n: number;
	}
	export interface ActorRow {
	    key: string;
	    kind: string;
	    name: string;
	    first_seen: string;
	    last_seen: string;
	    exchanges: number;
	    refused: number;
	    failed: number;
	    input_tokens: number;
	    output_tokens: number;
	    cost: number;
	    risk: number;
	    learning: boolean;
	}
	export interface ActorOut {
	    row: ActorRow;
	    hours: number[];
	    endpoints: Count[];
	    models: Count[];
	    tools: Count[];
	    baseline: ActorUsual[];
	    learning: string;
	    threats: ThreatRow[];
	    all: number;
	    query: string;
	}
	
	
	export interface ActorsIn {
	    kinds: string[];
	    text: string;
	    sort: string;
	    desc: boolean;
	    from: number;
	    limit: number;
	}
	export interface ActorsOut {
	    total: number;
	    items: ActorRow[];
	}
	export interface AddDocumentIn {
	    name: string;
	    text: string;
	    hosts: string;
	}
	export interface DocumentRow {
	    id: string;
	    name: string;
	    form: string;
	    imported: string;
	    operations: number;
	    seen: number;
	    unseen: number;
	    shadow: number;
	    hosts: string[];
	    problems: string[];
	}
	export interface AddDocumentOut {
	    document: DocumentRow;
	}
	export interface ThreatException {
	    id: string;
	    rule: string;
	    name: string;
	    actor: string;
	    where: string;
	    words: string;
	    reason: string;
	    added: string;
	}
	export interface AddExceptionIn {
	    exception: ThreatException;
	}
	export interface Address {
	    ip: string;
	    interface: string;
	    proxy: string;
	    certificate: string;
	}
	export interface AgreementIn {
	    ids: string[];
	}
	export interface TokenRange {
	    min: number;
	    max: number;
	}
	export interface Equal {
	    ids: string[];
	    text: string;
	}
	export interface Cluster {
	    kind: string;
	    detail: string;
	    n: number;
	    equal: Equal[];
	}
	export interface AgreementOut {
	    n: number;
	    open: number;
	    refused: number;
	    looks: number;
	    clusters: Cluster[];
	    tokens: TokenRange;
	}
	export interface AnswerPiece {
	    text: string;
	    marks: number[];
	}
	export interface ApprovalIn {
	    id: string;
	    yes: boolean;
	}
	export interface ApprovalOut {
	    answered: boolean;
	}
	export interface ApprovalRow {
	    id: string;
	    policy: string;
	    side: string;
	    host: string;
	    model: string;
	    actor: string;
	    reason: string;
	    shown: string;
	    left_ms: number;
	    of_ms: number;
	    passes: boolean;
	}
	export interface ApprovalsOut {
	    items: ApprovalRow[];
	}
	export interface AssetIn {
	    id: string;
	}
	export interface AssetLink {
	    id: string;
	    kind: string;
	    name: string;
	    count: number;
	}
	export interface RowThreat {
	    severity: string;
	    titles: string[];
	    n: number;
	}
	export interface Row {
	    id: string;
	    started: string;
	    source: string;
	    wire: string;
	    state: string;
	    method: string;
	    url: string;
	    host: string;
	    path: string;
	    operation: string;
	    status: number;
	    client: string;
	    error: string;
	    stage: string;
	    read: boolean;
	    kind: string;
	    provider: string;
	    family: string;
	    model: string;
	    last_user: string;
	    answer: string;
	    tools: string[];
	    calls: string[];
	    messages: number;
	    stream: boolean;
	    refusal: boolean;
	    finish: string;
	    input_tokens: number;
	    output_tokens: number;
	    total_tokens: number;
	    ttfb_ms: number;
	    duration_ms: number;
	    request_bytes: number;
	    response_bytes: number;
	    lost: boolean;
	    conversation: string;
	    tags: string[];
	    note: string;
	    colour: string;
	    threat: RowThreat;
	}
	export interface InventoryLine {
	    id: string;
	    at: string;
	    found: string;
	    kind: string;
	    endpoint: string;
	    asset: string;
	    exchange: string;
	    subject: string;
	    what: string;
	    detail: string;
	    severity: string;
	    new: boolean;
	}
	export interface EndpointRow {
	    id: string;
	    scheme: string;
	    host: string;
	    method: string;
	    path: string;
	    operation: string;
	    protocol: string;
	    kind: string;
	    provider: string;
	    family: string;
	    models: string[];
	    auth: string[];
	    access: string;
	    documented: string;
	    first_seen: string;
	    last_seen: string;
	    count: number;
	    query: string;
	    sensitive: string[];
	    risk: number;
	    why: string;
	    new: boolean;
	    dynamic: boolean;
	    streamed: boolean;
	}
	export interface AssetVersion {
	    n: number;
	    fingerprint: string;
	    seen: string;
	    exchange: string;
	    text: string;
	}
	export interface AssetRow {
	    id: string;
	    kind: string;
	    name: string;
	    host: string;
	    provider: string;
	    first_seen: string;
	    last_seen: string;
	    count: number;
	    query: string;
	    versions: number;
	    fingerprint: string;
	    new: boolean;
	    warnings: string[];
	    description: string;
	    service: string;
	    context: number;
	    tokens: number;
	    cost: number;
	    calls: number;
	    builtin: boolean;
	    header: string;
	    form: string;
	    sdk: string;
	    process: string;
	    server: string;
	}
	export interface AssetOut {
	    row: AssetRow;
	    versions: AssetVersion[];
	    answered: string[];
	    user_agents: string[];
	    endpoints: EndpointRow[];
	    from: AssetLink[];
	    to: AssetLink[];
	    changes: InventoryLine[];
	    samples: Row[];
	}
	
	
	export interface AssetsIn {
	    kind: string;
	}
	export interface AssetsOut {
	    items: AssetRow[];
	}
	export interface AuthUse {
	    kind: string;
	    name: string;
	    n: number;
	    ok: number;
	    last: string;
	    query: string;
	}
	export interface BackupIn {
	    path: string;
	}
	export interface BaseURL {
	    provider: string;
	    url: string;
	}
	export interface BaselineIn {
	    tab: string;
	    id: string;
	}
	export interface BodyOut {
	    size: number;
	    kept: number;
	    lost: string;
	    type: string;
	    coding: string;
	}
	export interface TemplateFault {
	    line: number;
	    column: number;
	    where: string;
	    what: string;
	    nearest: string;
	}
	export interface BrokenFile {
	    file: string;
	    own: boolean;
	    problems: TemplateFault[];
	}
	export interface Budget {
	    requests: number;
	    tokens: number;
	    usd: number;
	    minutes: number;
	}
	export interface BuiltInType {
	    name: string;
	    class: string;
	    what: string;
	}
	export interface CORSUse {
	    origins: string[];
	    credentials: boolean;
	    last: string;
	}
	export interface CaptureIn {
	    listen: string;
	}
	export interface Fault {
	    code: string;
	    message: string;
	    hint: string;
	}
	export interface CaptureState {
	    on: boolean;
	    listen: string;
	    wanted: string;
	    clients: number;
	    open: number;
	    recorded: number;
	    tunnels: number;
	    refused: number;
	    overflow: number;
	    lost: number;
	    lost_why: string;
	    fault: Fault;
	}
	export interface Card {
	    ref: string;
	    role: string;
	    text: string;
	}
	export interface CaseCounts {
	    vulnerable: number;
	    resisted: number;
	    unclear: number;
	    errored: number;
	    pending: number;
	}
	export interface CaseIn {
	    run: string;
	    n: number;
	}
	export interface Span {
	    low: number;
	    high: number;
	}
	export interface PersonVote {
	    verdict: string;
	    reason: string;
	    at: string;
	}
	export interface VoteOut {
	    judge: string;
	    verdict: string;
	    reason: string;
	    asked: string;
	    input_tokens: number;
	    output_tokens: number;
	    usd: number;
	    priced: boolean;
	}
	export interface EvidenceOut {
	    signal: string;
	    where: string;
	    text: string;
	    why: string;
	}
	export interface JudgementOut {
	    verdict: string;
	    reason: string;
	    evidence: EvidenceOut[];
	    confidence: number;
	    by: string;
	    blocked: boolean;
	}
	export interface SentText {
	    slot: string;
	    plain: string;
	    text: string;
	}
	export interface TrialOut {
	    n: number;
	    started: string;
	    took_ms: number;
	    sent: SentText[];
	    exchanges: string[];
	    judgement: JudgementOut;
	    rules: JudgementOut;
	    vote: VoteOut;
	    person: PersonVote;
	    answer: AnswerPiece[];
	    cut: boolean;
	    requests: number;
	    input_tokens: number;
	    output_tokens: number;
	    estimated: boolean;
	    usd: number;
	    priced: boolean;
	    throttled_ms: number;
	}
	export interface FrameworkID {
	    id: string;
	    title: string;
	}
	export interface CaseRow {
	    n: number;
	    template: string;
	    name: string;
	    severity: string;
	    target: string;
	    target_name: string;
	    mutation: string;
	    strategy: string;
	    done: boolean;
	    verdict: string;
	    counts: CaseCounts;
	    trials: number;
	    reason: string;
	    blocked: boolean;
	    by: string;
	}
	export interface CaseOut {
	    row: CaseRow;
	    description: string;
	    remediation: string;
	    frameworks: FrameworkID[];
	    baseline: string;
	    trials: TrialOut[];
	    interval: Span;
	    judged: number;
	}
	
	export interface CasesIn {
	    run: string;
	    verdicts: string[];
	    templates: string[];
	    mutations: string[];
	    targets: string[];
	    text: string;
	    sort: string;
	    desc: boolean;
	    from: number;
	    limit: number;
	}
	export interface CasesOut {
	    total: number;
	    cases: CaseRow[];
	}
	export interface CertificateOut {
	    path: string;
	    sha256: string;
	    spki: string;
	    expires: string;
	    trust: app.TrustStep[];
	    untrust: app.TrustStep[];
	}
	export interface ChangeCount {
	    change: string;
	    n: number;
	}
	export interface ChangesIn {
	    kinds: string[];
	    before: string;
	    limit: number;
	}
	export interface ChangesOut {
	    items: InventoryLine[];
	    more: boolean;
	}
	export interface ChatError {
	    status: number;
	    type: string;
	    code: string;
	    message: string;
	}
	export interface ChatRPC {
	    method: string;
	    tool: string;
	    server: string;
	    version: string;
	    state: string;
	    failed: boolean;
	}
	export interface ChatFacts {
	    known: boolean;
	    kind: string;
	    provider: string;
	    family: string;
	    confidence: string;
	    model: string;
	    answered: string;
	    deployment: string;
	    streamed: boolean;
	    complete: boolean;
	    finish: string;
	    detail: string;
	    choices: number;
	    events: number;
	    input: number;
	    output: number;
	    total: number;
	    cached: number;
	    written: number;
	    reasoning: number;
	    cost: number;
	    error: ChatError;
	    inputs: number;
	    embeddings: number;
	    flagged: boolean;
	    rpc: ChatRPC;
	}
	export interface ChatIn {
	    id: string;
	    have: string;
	    all: boolean;
	}
	export interface ChatPart {
	    kind: string;
	    text: string;
	    size: number;
	    more: number;
	    at: string;
	    call: string;
	    name: string;
	    builtin: boolean;
	    mime: string;
	    url: string;
	    bytes: number;
	    type: string;
	}
	export interface ChatMessage {
	    n: number;
	    role: string;
	    name: string;
	    parts: ChatPart[];
	}
	export interface ChatTool {
	    name: string;
	    description: ChatPart;
	    schema: ChatPart;
	    builtin: boolean;
	}
	export interface ChatOut {
	    id: string;
	    state: string;
	    live: boolean;
	    facts: ChatFacts;
	    same: boolean;
	    system: ChatPart[];
	    tools: ChatTool[];
	    messages: ChatMessage[];
	    from: number;
	    inherited: number;
	    total: number;
	    pinned: number;
	    before: string;
	    answer: ChatPart[];
	    answer_from: number;
	    append: boolean;
	    have: string;
	    notes: string[];
	}
	
	
	
	export interface CheckOut {
	    answered: boolean;
	    ours: boolean;
	    trusted: boolean;
	    problem: string;
	    stores: app.StoreState[];
	}
	export interface ChooseIn {
	    title: string;
	    save: boolean;
	    name: string;
	    ext: string;
	}
	export interface ChooseOut {
	    path: string;
	    available: boolean;
	}
	export interface ClientCount {
	    client: string;
	    requests: number;
	    read: number;
	    refused: number;
	    last: string;
	}
	export interface ClientOut {
	    addr: string;
	    pid: number;
	    process: string;
	}
	
	export interface CompareIn {
	    before: string;
	    after: string;
	    change: string;
	    from: number;
	    limit: number;
	}
	export interface ComparedRow {
	    key: string;
	    change: string;
	    why: string;
	    before: CaseRow;
	    after: CaseRow;
	}
	export interface RunTally {
	    cases: number;
	    counts: CaseCounts;
	    flaky: number;
	    blocked: number;
	    trials: number;
	    requests: number;
	    tokens: number;
	    estimated_tokens: number;
	    usd: number;
	    unpriced: number;
	    throttled_ms: number;
	}
	export interface RunRow {
	    id: string;
	    name: string;
	    state: string;
	    why: string;
	    created: string;
	    ended: string;
	    spent_ms: number;
	    targets: string[];
	    suites: string[];
	    starred: boolean;
	    here: boolean;
	    left: Span;
	    tally: RunTally;
	}
	export interface CompareOut {
	    before: RunRow;
	    after: RunRow;
	    counts: ChangeCount[];
	    total: number;
	    cases: ComparedRow[];
	}
	
	export interface ContinueIn {
	    id: string;
	    key: string;
	    budget: Budget;
	}
	export interface CopyIn {
	    id: string;
	    format: string;
	    reveal: boolean;
	}
	export interface CopyOut {
	    text: string;
	    credentials: boolean;
	}
	export interface CopyTemplateIn {
	    from: string;
	    id: string;
	}
	
	export interface CountOut {
	    n: number;
	}
	export interface Coverage {
	    id: string;
	    title: string;
	    judged: number;
	    cases: number;
	}
	export interface CustomType {
	    name: string;
	    class: string;
	    keys: string;
	    pattern: string;
	    list: string[];
	    validator: string;
	    match: string[];
	    ignore: string[];
	}
	export interface DataOut {
	    path: string;
	    folder: string;
	    name: string;
	    read_only: boolean;
	    created: string;
	    schema: number;
	    exchanges: number;
	    conversations: number;
	    deleted: number;
	    credentials: number;
	    keeps_values: boolean;
	    bytes: number;
	    checked: string;
	    problems: string[];
	    home: string;
	}
	export interface DecisionOut {
	    decision: string;
	}
	export interface DeleteIn {
	    ids: string[];
	    undo: boolean;
	}
	export interface DeleteOut {
	    n: number;
	}
	export interface DiagnosticsOut {
	    text: string;
	}
	export interface DiffDelta {
	    change: string;
	    path: string;
	    a: string;
	    b: string;
	}
	export interface DiffFact {
	    name: string;
	    change: string;
	    a: string;
	    b: string;
	}
	export interface DiffIgnored {
	    name: string;
	    hidden: number;
	}
	export interface DiffIn {
	    a: string;
	    b: string;
	    side: string;
	    ignore: string[];
	}
	export interface DiffSegment {
	    change: string;
	    text: string;
	    moved: boolean;
	}
	export interface DiffText {
	    segments: DiffSegment[];
	    unit: string;
	    coarse: boolean;
	    cut: boolean;
	}
	export interface DiffOut {
	    a: Row;
	    b: Row;
	    facts: DiffFact[];
	    text: DiffText;
	    form: string;
	    headers: DiffDelta[];
	    changes: DiffDelta[];
	    more: number;
	    lines: DiffText;
	    noise: DiffIgnored[];
	    equal: boolean;
	    open: boolean;
	    notes: string[];
	}
	
	
	export interface Docker {
	    run: string;
	    compose: string;
	    remote: boolean;
	}
	
	export interface DocumentedAs {
	    document: string;
	    operation: string;
	    differences: string[];
	}
	export interface DocumentsOut {
	    items: DocumentRow[];
	}
	export interface DynamicUse {
	    why: string;
	    by: string;
	    path: string;
	}
	export interface EndpointIn {
	    id: string;
	}
	export interface PathDecision {
	    id: string;
	    host: string;
	    merge: boolean;
	    at: string;
	    names: string[];
	}
	export interface SensitivePlace {
	    id: string;
	    endpoint: string;
	    label: string;
	    direction: string;
	    role: string;
	    path: string;
	    type: string;
	    class: string;
	    confidence: number;
	    sample: string;
	    first_seen: string;
	    last_seen: string;
	    last: string;
	    count: number;
	    query: string;
	    access: string;
	}
	export interface EndpointShape {
	    side: string;
	    status: string;
	    n: number;
	    schema: string;
	}
	export interface LimitUse {
	    header: string;
	    value: string;
	    last: string;
	}
	export interface TLSUse {
	    version: string;
	    issuer: string;
	    expiry: string;
	    unverified: boolean;
	    n: number;
	}
	export interface EndpointParam {
	    in: string;
	    name: string;
	    types: string[];
	    n: number;
	    optional: boolean;
	    values: string[];
	    declared: string;
	}
	export interface RiskReason {
	    code: string;
	    points: number;
	    what: string;
	}
	export interface EndpointOut {
	    row: EndpointRow;
	    sample: string;
	    risks: RiskReason[];
	    auths: AuthUse[];
	    statuses: Count[];
	    requests: Count[];
	    responses: Count[];
	    clients: string[];
	    tools: string[];
	    addresses: string[];
	    parameters: EndpointParam[];
	    security: TLSUse[];
	    cors: CORSUse;
	    limits: LimitUse[];
	    dynamic: DynamicUse;
	    shapes: EndpointShape[];
	    places: SensitivePlace[];
	    changes: InventoryLine[];
	    documents: DocumentedAs[];
	    samples: Row[];
	    decisions: PathDecision[];
	    failed: number;
	    unparsed: number;
	    cut: boolean;
	    moved_from: string;
	}
	
	
	
	export interface EndpointsIn {
	    query: string;
	    sort: string;
	    desc: boolean;
	    replaces: string;
	}
	export interface QueryFault {
	    column: number;
	    length: number;
	    message: string;
	    nearest: string;
	}
	export interface EndpointsOut {
	    view: string;
	    count: number;
	    total: number;
	    revision: number;
	    explain: string;
	    problem: QueryFault;
	}
	export interface EndpointsPageIn {
	    view: string;
	    from: number;
	    limit: number;
	}
	export interface EndpointsPageOut {
	    items: EndpointRow[];
	    count: number;
	}
	
	export interface EraseIn {
	    name: string;
	}
	export interface ErrorGroup {
	    cause: string;
	    n: number;
	    cases: CaseRow[];
	}
	export interface ErrorsOut {
	    groups: ErrorGroup[];
	}
	
	export interface Example {
	    line: number;
	    why: string;
	    answer: string;
	    wanted: string;
	    found: string;
	    reason: string;
	    correct: boolean;
	}
	export interface ExamplesOut {
	    problems: TemplateFault[];
	    examples: Example[];
	}
	export interface ExceptionIn {
	    id: string;
	}
	export interface ExchangeIn {
	    id: string;
	}
	export interface ExportCertificateIn {
	    path: string;
	    form: string;
	    replace: boolean;
	}
	export interface ExportCertificateOut {
	    path: string;
	}
	export interface ExportIn {
	    ids: string[];
	    query: string;
	    format: string;
	    reveal: boolean;
	}
	export interface ExportInventoryIn {
	    format: string;
	    query: string;
	}
	export interface ExportRunIn {
	    id: string;
	    format: string;
	    baseline: string;
	}
	export interface Facets {
	    tags: string[];
	    colours: string[];
	}
	
	export interface FileIn {
	    file: string;
	}
	export interface SavedFilter {
	    name: string;
	    query: string;
	}
	export interface Filters {
	    saved: SavedFilter[];
	    recent: string[];
	}
	
	export interface FindingCount {
	    value: string;
	    name: string;
	    n: number;
	}
	export interface FindingEvidence {
	    run: string;
	    run_name: string;
	    case: CaseRow;
	    trial: TrialOut;
	}
	export interface FindingIn {
	    id: string;
	}
	export interface FindingLine {
	    at: string;
	    what: string;
	    from: string;
	    to: string;
	    why: string;
	    run: string;
	}
	export interface FindingRow {
	    id: string;
	    source: string;
	    template: string;
	    title: string;
	    severity: string;
	    owasp: string[];
	    target: string;
	    target_name: string;
	    class: string;
	    state: string;
	    noted: boolean;
	    first_seen: string;
	    last_seen: string;
	    count: number;
	    run: string;
	    case: number;
	    reason: string;
	}
	export interface FindingOut {
	    row: FindingRow;
	    fingerprint: string;
	    note: string;
	    description: string;
	    remediation: string;
	    references: string[];
	    frameworks: FrameworkID[];
	    evidence: FindingEvidence[];
	    more: number;
	    history: FindingLine[];
	}
	
	export interface FindingsIn {
	    states: string[];
	    severities: string[];
	    sources: string[];
	    targets: string[];
	    owasp: string[];
	    run: string;
	    text: string;
	    sort: string;
	    desc: boolean;
	    from: number;
	    limit: number;
	}
	export interface FindingsOut {
	    total: number;
	    items: FindingRow[];
	}
	export interface FindingsSummary {
	    total: number;
	    states: FindingCount[];
	    severities: FindingCount[];
	    targets: FindingCount[];
	    owasp: FindingCount[];
	    runs: number;
	    live: boolean;
	    coverage: Coverage[];
	}
	export interface Forecast {
	    templates: number;
	    cases: number;
	    requests: Span;
	    tokens: Span;
	    usd: Span;
	    seconds: Span;
	    priced: boolean;
	    basis: string;
	}
	export interface Param {
	    ref: string;
	    name: string;
	    kind: string;
	    value: string;
	}
	export interface RawProblem {
	    side: string;
	    line: number;
	    message: string;
	}
	export interface Tab {
	    id: string;
	    group: string;
	    name: string;
	    method: string;
	    url: string;
	    source: string;
	    baseline: string;
	    last: string;
	    sent: number;
	    sending: number;
	}
	export interface Form {
	    tab: Tab;
	    head: string;
	    body: string;
	    body_why: string;
	    body_bytes: number;
	    to: string;
	    problem: RawProblem;
	    provider: string;
	    family: string;
	    cards: Card[];
	    params: Param[];
	    tools: string[];
	    other: number;
	    sealed: string[];
	    json: boolean;
	    changed: string[];
	}
	export interface ToolVariable {
	    name: string;
	    value: string;
	    proof: string;
	}
	export interface FoundTool {
	    name: string;
	    command: string;
	    variables: ToolVariable[];
	    note: string;
	}
	export interface FoundBrowser {
	    name: string;
	    path: string;
	}
	export interface Found {
	    screen: boolean;
	    browsers: FoundBrowser[];
	    terminal: string;
	    shells: string[];
	    tools: FoundTool[];
	    bases: BaseURL[];
	    docker: Docker;
	}
	
	
	
	export interface GroupIn {
	    tabs: string[];
	    group: string;
	}
	export interface GuardModeIn {
	    mode: string;
	}
	export interface GuardState {
	    mode: string;
	    at_work: boolean;
	    policies: number;
	    closed: number;
	    waiting: number;
	    rulings: number;
	    lost: number;
	}
	export interface HarmlessIn {
	    ids: string[];
	    scope: string;
	    reason: string;
	}
	export interface HeaderLine {
	    name: string;
	    value: string;
	}
	export interface Head {
	    seen: boolean;
	    line: string;
	    proto: string;
	    method: string;
	    url: string;
	    host: string;
	    status: number;
	    at_ms: number;
	    headers: HeaderLine[];
	    trailer: HeaderLine[];
	    body: BodyOut;
	}
	
	export interface StageFault {
	    stage: string;
	    reason: string;
	}
	export interface ServerOut {
	    addr: string;
	    reused: boolean;
	    tls: string;
	    cipher: string;
	    alpn: string;
	    sni: string;
	    cert_sha256: string;
	    cert_issuer: string;
	    cert_names: string[];
	    cert_expiry: string;
	    unverified: boolean;
	    via: string;
	}
	export interface HeadsOut {
	    wire: string;
	    source: string;
	    state: string;
	    request: Head;
	    response: Head;
	    interim: Head[];
	    client: ClientOut;
	    server: ServerOut;
	    fault: StageFault;
	    origin: string;
	}
	export interface HeatCell {
	    row: number;
	    column: number;
	    counts: CaseCounts;
	}
	export interface HeatIn {
	    run: string;
	    row: string;
	    column: string;
	}
	export interface HeatName {
	    id: string;
	    name: string;
	    counts: CaseCounts;
	}
	export interface HeatOut {
	    rows: HeatName[];
	    columns: HeatName[];
	    cells: HeatCell[];
	}
	export interface HiddenIn {
	    preview: string;
	    placeholder: string;
	}
	export interface HiddenValue {
	    placeholder: string;
	    count: number;
	    shown: boolean;
	}
	export interface HiddenKind {
	    type: string;
	    class: string;
	    word: string;
	    many: string;
	    n: number;
	    shown: number;
	    items: HiddenValue[];
	}
	export interface HiddenOut {
	    value: string;
	    sealed: boolean;
	    more: number;
	}
	
	export interface Sent {
	    n: number;
	    batch: number;
	    changed: string[];
	    refused: string;
	    retry_after_s: number;
	    row: Row;
	}
	export interface HistoryOut {
	    sent: Sent[];
	    sending: number;
	}
	export interface HomeRef {
	    ref: string;
	    name: string;
	}
	export interface HomeAdvice {
	    priority: string;
	    code: string;
	    what: string;
	    why: string;
	    who: string;
	    check: string;
	    effort: string;
	    gain: number;
	    risk: number;
	    refs: HomeRef[];
	    run: string;
	    done_at: string;
	}
	export interface HomeArea {
	    area: string;
	    limit: number;
	    taken: number;
	    n: number;
	    why: string;
	}
	export interface HomeAsset {
	    ref: string;
	    kind: string;
	    name: string;
	    enough: boolean;
	    score: number;
	    grade: string;
	    missing: string;
	    risk: number;
	    open: number;
	    worst: string;
	    threats: number;
	    tested: number;
	    of: number;
	}
	export interface HomeAssets {
	    items: HomeAsset[];
	    more: number;
	}
	export interface HomeCell {
	    state: string;
	    cases: number;
	    ref: string;
	}
	export interface HomeCovered {
	    id: string;
	    title: string;
	    state: string;
	    cases: number;
	    vulnerable: number;
	    targets: number;
	    templates: number;
	    last: string;
	    why: string;
	}
	export interface HomeRow {
	    item: HomeCovered;
	    cells: HomeCell[];
	}
	export interface HomeFramework {
	    id: string;
	    name: string;
	    version: string;
	    source: string;
	}
	export interface HomeCoverage {
	    frameworks: HomeFramework[];
	    id: string;
	    assets: string[];
	    rows: HomeRow[];
	    note: string;
	}
	export interface HomeCoverageIn {
	    framework: string;
	}
	
	export interface HomeFinding {
	    id: string;
	    title: string;
	    severity: string;
	    target: string;
	    first_seen: string;
	    last_seen: string;
	}
	export interface HomeCriticals {
	    items: HomeFinding[];
	    total: number;
	    severity: string;
	    open: number;
	    severities: number[];
	}
	export interface HomeEnforceIn {
	    id: string;
	    action: string;
	}
	export interface HomeEnforced {
	    policy: string;
	    name: string;
	    action: string;
	    made: boolean;
	}
	
	
	export interface HomeGap {
	    code: string;
	    what: string;
	    ref: string;
	    n: number;
	    advice: string;
	}
	export interface HomeIn {
	    of: string;
	}
	export interface HomeLatest {
	    id: string;
	    said: string;
	    from: string;
	    started: string;
	}
	export interface HomeMove {
	    points: number;
	    kind: string;
	    what: string;
	    ref: string;
	}
	export interface HomeMoved {
	    since: string;
	    cause: string;
	    by: number;
	    moves: HomeMove[];
	    more: number;
	}
	export interface HomeSnapshot {
	    at: string;
	    cause: string;
	    enough: boolean;
	    score: number;
	    grade: string;
	    severities: number[];
	}
	export interface HomeReason {
	    area: string;
	    code: string;
	    points: number;
	    full: number;
	    what: string;
	    ref: string;
	}
	export interface HomePosture {
	    of: string;
	    name: string;
	    at: string;
	    enough: boolean;
	    score: number;
	    grade: string;
	    missing: string;
	    reasons: HomeReason[];
	    areas: HomeArea[];
	    items: HomeCovered[];
	    list: string;
	    gaps: HomeGap[];
	    advice: HomeAdvice[];
	    done: HomeAdvice[];
	    trend: HomeSnapshot[];
	    moved: HomeMoved;
	    more: number;
	}
	
	
	export interface HomeRequirement {
	    id: string;
	    name: string;
	    why: string;
	    severity: string;
	    owasp: string[];
	    state: string;
	    of: number;
	    failing: number;
	    what: string;
	    refs: HomeRef[];
	    fix: string;
	    enforced: string;
	    can_hold: boolean;
	}
	export interface HomeRequirements {
	    items: HomeRequirement[];
	}
	
	export interface HomeTally {
	    value: string;
	    name: string;
	    n: number;
	}
	export interface HomeSeen {
	    latest: HomeLatest[];
	    providers: HomeTally[];
	    models: HomeTally[];
	    hosts: HomeTally[];
	}
	
	
	export interface HostIn {
	    host: string;
	}
	export interface IdentifyIn {
	    by: string[];
	}
	export interface IdentityOut {
	    by: string[];
	    usual: boolean;
	    kinds: string[];
	}
	export interface ImportFileIn {
	    path: string;
	    format: string;
	}
	export interface ImportOut {
	    format: string;
	    exchanges: number;
	    left_out: number;
	    why: string;
	    query: string;
	}
	
	export interface Item {
	    row: Row;
	    turns: number;
	    expanded: boolean;
	    turn: number;
	}
	export interface Job {
	    id: string;
	    kind: string;
	    what: string;
	    done: number;
	    all: number;
	    state: string;
	    note: string;
	}
	export interface JobIn {
	    id: string;
	}
	export interface JobOut {
	    job: Job;
	}
	
	export interface KeptTemplate {
	    id: string;
	    file: string;
	    problems: TemplateFault[];
	}
	export interface Latest {
	    rows: Row[];
	}
	export interface MutationRow {
	    name: string;
	    family: string;
	    what: string;
	}
	export interface SuiteRow {
	    id: string;
	    name: string;
	    description: string;
	    minutes: number;
	    templates: number;
	}
	export interface TemplateRow {
	    id: string;
	    name: string;
	    severity: string;
	    owasp: string[];
	    technique: string;
	    level: string;
	    tags: string[];
	    kinds: string[];
	    cases: number;
	    own: boolean;
	}
	export interface LibraryOut {
	    templates: TemplateRow[];
	    owasp: FrameworkID[];
	    suites: SuiteRow[];
	    mutations: MutationRow[];
	    folder: string;
	    revision: string;
	    broken: BrokenFile[];
	}
	
	export interface LocalModel {
	    provider: string;
	    title: string;
	    url: string;
	    models: string[];
	}
	export interface LocalModelsOut {
	    items: LocalModel[];
	    ports: number[];
	}
	export interface LocateIn {
	    view: string;
	    id: string;
	}
	export interface LocateOut {
	    index: number;
	}
	export interface MapEdge {
	    from: string;
	    to: string;
	    count: number;
	}
	export interface MapNode {
	    id: string;
	    kind: string;
	    name: string;
	    service: string;
	    access: string;
	    count: number;
	    query: string;
	    warnings: number;
	}
	export interface MapOut {
	    nodes: MapNode[];
	    edges: MapEdge[];
	    left: number;
	}
	export interface MarkIn {
	    ids: string[];
	    set: string[];
	    tags: string[];
	    note: string;
	    colour: string;
	}
	export interface MarkOut {
	    before: MarkIn[];
	}
	export interface MergeIn {
	    ids: string[];
	}
	export interface ModelAnswerIn {
	    id: string;
	    pointer: string;
	    text: string;
	}
	export interface ModelCandidate {
	    pointer: string;
	    text: string;
	}
	export interface ModelForm {
	    from: string;
	    text: string;
	    form: string;
	    nth: number;
	    provider: string;
	    url: string;
	    name: string;
	    model: string;
	    method: string;
	    headers: string[];
	    body: string;
	    slot: string;
	    answer: string;
	    role: string;
	    auth: string;
	    key: string;
	    key_env: string;
	    keep: boolean;
	    recorded: boolean;
	    patience: number;
	    no_try: boolean;
	}
	export interface ModelIn {
	    id: string;
	}
	export interface ModelNamesOut {
	    names: string[];
	}
	export interface ModelRun {
	    id: string;
	    name: string;
	    state: string;
	    created: string;
	    cases: number;
	    vulnerable: number;
	}
	export interface ModelScope {
	    host: string;
	    local: boolean;
	    in: boolean;
	    line: string;
	    authorisation: string;
	    added: string;
	}
	export interface ModelTry {
	    at: string;
	    code: string;
	    error: string;
	    status: number;
	    latency_ms: number;
	    input_tokens: number;
	    output_tokens: number;
	    prompt: string;
	    answer: string;
	    model: string;
	}
	export interface NameValue {
	    name: string;
	    value: string;
	}
	export interface ModelRow {
	    id: string;
	    state: string;
	    kind: string;
	    name: string;
	    provider: string;
	    model: string;
	    host: string;
	    url: string;
	    from: string;
	    asset: string;
	    endpoint: string;
	    exchange: string;
	    query: string;
	    count: number;
	    tokens: number;
	    clients: string[];
	    keys: string[];
	    tools: string[];
	    first_seen: string;
	    last_seen: string;
	    status: string;
	    error: string;
	    latency_ms: number;
	    tried: string;
	    worst: string;
	    findings: number;
	    runs: number;
	}
	export interface ModelOut {
	    row: ModelRow;
	    method: string;
	    headers: NameValue[];
	    body: string;
	    body_cut: boolean;
	    slot: string;
	    answer: string;
	    by_format: boolean;
	    auth: string;
	    auth_name: string;
	    key: string;
	    ready: boolean;
	    role: string;
	    imported: string;
	    try: ModelTry;
	    scope: ModelScope;
	    runs: ModelRun[];
	}
	export interface ModelResult {
	    id: string;
	    name: string;
	    provider: string;
	    model: string;
	    url: string;
	    host: string;
	    status: string;
	    error: string;
	    code: string;
	    cause: string;
	    fix: string;
	    http_status: number;
	    retry_after_s: number;
	    latency_ms: number;
	    prompt: string;
	    answer: string;
	    slot: string;
	    answer_path: string;
	    input_tokens: number;
	    output_tokens: number;
	    auth: string;
	    key: string;
	    answered_by: string;
	    candidates: ModelCandidate[];
	    requests: number;
	}
	export interface ModelRoleIn {
	    id: string;
	    role: string;
	}
	
	
	
	export interface ModelTextIn {
	    text: string;
	    url: string;
	}
	export interface ModelTextRequest {
	    n: number;
	    method: string;
	    url: string;
	    prompt: string;
	    kind: string;
	    provider: string;
	    model: string;
	    fits: boolean;
	}
	export interface ModelTextOut {
	    form: string;
	    items: ModelTextRequest[];
	    total: number;
	    left: number;
	}
	
	
	export interface ModelsOut {
	    items: ModelRow[];
	}
	
	export interface ThreatSign {
	    kind: string;
	    name: string;
	    side: string;
	    role: string;
	    where: string;
	    score: number;
	    why: string;
	}
	export interface MomentRow {
	    at: string;
	    exchange: string;
	    what: string;
	    weight: number;
	    signs: ThreatSign[];
	}
	export interface MomentsIn {
	    id: string;
	    from: number;
	}
	export interface MomentsOut {
	    items: MomentRow[];
	    total: number;
	}
	
	export interface NameRunIn {
	    id: string;
	    name: string;
	}
	
	export interface NewTabIn {
	    ids: string[];
	    curl: string;
	    group: string;
	}
	export interface NewTabOut {
	    tabs: Tab[];
	    notes: string[];
	}
	export interface NoteFindingIn {
	    id: string;
	    note: string;
	}
	export interface Nothing {
	
	}
	export interface OpenBrowserIn {
	    name: string;
	    path: string;
	    page: string;
	}
	export interface OpenReportIn {
	    sha256: string;
	}
	export interface OutletForm {
	    kind: string;
	    to: string;
	    name: string;
	    least: string;
	    threats: boolean;
	    rulings: boolean;
	    json: boolean;
	    only: boolean;
	    key: string;
	}
	export interface OutletID {
	    id: string;
	}
	export interface OutletRow {
	    id: string;
	    kind: string;
	    to: string;
	    name: string;
	    least: string;
	    about: string;
	    project: string;
	    signed: boolean;
	    plain: boolean;
	    sent: number;
	    lost: number;
	    why: string;
	}
	export interface OutletTried {
	    sent: boolean;
	    why: string;
	}
	export interface OutletsOut {
	    items: OutletRow[];
	}
	export interface OverruleIn {
	    run: string;
	    n: number;
	    trial: number;
	    verdict: string;
	    reason: string;
	}
	export interface OverruleOut {
	    before: PersonVote;
	}
	export interface OverviewIn {
	
	}
	export interface OverviewOut {
	    revision: number;
	    endpoints: number;
	    hosts: number;
	    ai: number;
	    new: number;
	    shadow: number;
	    unseen: number;
	    risky: number;
	    behind: number;
	    outside: number;
	    full: Count[];
	    assets: Count[];
	    classes: Count[];
	    kinds: Count[];
	    accesses: Count[];
	    changes: number;
	    visited: string;
	    documents: number;
	}
	export interface PageIn {
	    view: string;
	    from: number;
	    limit: number;
	}
	export interface PageOut {
	    items: Item[];
	    count: number;
	}
	
	
	export interface PayloadList {
	    name: string;
	    values: string[];
	}
	
	export interface PlanIn {
	    name: string;
	    targets: string[];
	    suites: string[];
	    templates: string[];
	    owasp: string[];
	    severity: string;
	    mutations: string[];
	    strategies: string[];
	    trials: number;
	    concurrency: number;
	    rate: number;
	    patience: number;
	    budget: Budget;
	    judge: string;
	    attacker: string;
	    role: string;
	    other: string;
	    system: string;
	    key: string;
	    authorisation: string;
	    confirmed: boolean;
	}
	export interface SkippedGroup {
	    why: string;
	    cases: number;
	    templates: string[];
	}
	export interface RunTargetRow {
	    ref: string;
	    name: string;
	    host: string;
	    kind: string;
	    model: string;
	    baseline: string;
	}
	export interface PlanOut {
	    forecast: Forecast;
	    targets: RunTargetRow[];
	    skipped: SkippedGroup[];
	    out_of: string[];
	    example: string;
	    cut: boolean;
	}
	export interface PoliciesBack {
	    token: string;
	}
	export interface PolicyForm {
	    id: string;
	    name: string;
	    on: boolean;
	    action: string;
	    side: string;
	    where: string;
	    signs: string[];
	    rules: string[];
	    types: string[];
	    tools: string[];
	    models: string[];
	    least: number;
	    budget: string;
	    finish: boolean;
	    fail_closed: boolean;
	    patience: number;
	    say: string;
	}
	export interface PolicyRow {
	    id: string;
	    form: PolicyForm;
	    added: string;
	    rulings: number;
	    done: number;
	    last: string;
	}
	export interface PoliciesOut {
	    items: PolicyRow[];
	}
	export interface PoliciesRemoved {
	    token: string;
	}
	export interface PolicyAsked {
	    ids: string[];
	    drafts: PolicyForm[];
	}
	export interface PolicyCheckIn {
	    asked: PolicyAsked;
	    text: string;
	    role: string;
	}
	export interface RulingSign {
	    kind: string;
	    name: string;
	    where: string;
	    score: number;
	    why: string;
	    start: number;
	    end: number;
	}
	export interface RulingRow {
	    id: string;
	    at: string;
	    exchange: string;
	    policy: string;
	    name: string;
	    action: string;
	    done: boolean;
	    side: string;
	    actor: string;
	    host: string;
	    model: string;
	    reason: string;
	    took_ms: number;
	    answer: string;
	    signs: RulingSign[];
	}
	export interface PolicyCheckOut {
	    policies: number;
	    action: string;
	    items: RulingRow[];
	}
	export interface PolicyFault {
	    field: string;
	    message: string;
	}
	
	export interface PolicyIDs {
	    ids: string[];
	}
	export interface PolicyPreset {
	    name: string;
	    items: PolicyRow[];
	    have: number;
	}
	export interface PolicyPresetIn {
	    name: string;
	}
	export interface PolicyPresetsOut {
	    items: PolicyPreset[];
	}
	
	export interface PolicySaved {
	    id: string;
	    faults: PolicyFault[];
	}
	export interface PolicySwitch {
	    id: string;
	    on: boolean;
	}
	export interface PolicyWord {
	    value: string;
	    what: string;
	    group: string;
	}
	export interface PolicyWordsOut {
	    actions: string[];
	    signs: string[];
	    roles: string[];
	    rules: PolicyWord[];
	    types: PolicyWord[];
	}
	export interface PortConflict {
	    taken: boolean;
	    port: number;
	    name: string;
	    pid: number;
	    free: string;
	}
	export interface PresetRow {
	    name: string;
	    title: string;
	    base: string;
	    model: string;
	    auth: string;
	    header: string;
	    key_env: string;
	    env_set: boolean;
	}
	export interface PresetsOut {
	    items: PresetRow[];
	    auth: string[];
	}
	export interface PreviewIn {
	    asked: PolicyAsked;
	    filter: string;
	}
	export interface PreviewPolicy {
	    id: string;
	    name: string;
	    action: string;
	    rulings: number;
	}
	export interface PreviewOut {
	    state: string;
	    job: string;
	    filter: string;
	    exchanges: number;
	    all: number;
	    touched: number;
	    policies: PreviewPolicy[];
	    actions: ActionCount[];
	    items: RulingRow[];
	    total: number;
	    left: number;
	    fault: Fault;
	}
	export interface PreviewPage {
	    from: number;
	    limit: number;
	    action: string;
	}
	
	export interface ProjectIn {
	    path: string;
	}
	export interface ProjectState {
	    open: boolean;
	    path: string;
	    name: string;
	    read_only: boolean;
	    why: string;
	    fault: Fault;
	}
	export interface ProveSample {
	    text: string;
	    wants: boolean;
	    found: string;
	    ok: boolean;
	}
	export interface ProveOut {
	    problem: string;
	    samples: ProveSample[];
	}
	
	
	
	export interface RecentProject {
	    path: string;
	    name: string;
	}
	export interface Recent {
	    projects: RecentProject[];
	    folder: string;
	}
	
	export interface Refusal {
	    host: string;
	    client: string;
	    count: number;
	    reason: string;
	    last: string;
	}
	export interface RemoteIn {
	    allow: boolean;
	    confirmed: boolean;
	}
	export interface RemoteState {
	    allowed: boolean;
	    addresses: Address[];
	    listen: string;
	}
	export interface RemoveDocumentIn {
	    id: string;
	}
	export interface RemoveModelOut {
	    token: string;
	    name: string;
	}
	export interface RemoveTypeIn {
	    name: string;
	}
	export interface RenameIn {
	    tab: string;
	    name: string;
	}
	export interface RenameModelIn {
	    id: string;
	    name: string;
	}
	export interface RenameModelOut {
	    name: string;
	}
	export interface ReorderIn {
	    tabs: string[];
	}
	export interface ReportFormat {
	    id: string;
	    ext: string;
	}
	export interface ReportSection {
	    id: string;
	    only: string;
	}
	export interface ReportTarget {
	    ref: string;
	    name: string;
	    n: number;
	}
	export interface ReportRun {
	    id: string;
	    name: string;
	    state: string;
	    started: string;
	    starred: boolean;
	}
	export interface ReportLogo {
	    picture: string;
	    width: number;
	    height: number;
	    bytes: number;
	}
	export interface ReportForm {
	    audience: string;
	    run: string;
	    against: string;
	    targets: string[];
	    least: string;
	    findings: string[];
	    evidence: number;
	    title: string;
	    client: string;
	    tester: string;
	    scope: string;
	    authorisation: string;
	    note: string;
	    without: string[];
	    format: string;
	}
	export interface ReportChoices {
	    form: ReportForm;
	    logo: ReportLogo;
	    runs: ReportRun[];
	    targets: ReportTarget[];
	    sections: ReportSection[];
	    formats: ReportFormat[];
	    findings: number;
	    exchanges: number;
	    models: number;
	    folder: string;
	    writable: boolean;
	}
	export interface ReportExportIn {
	    form: ReportForm;
	    format: string;
	}
	export interface ReportMade {
	    at: string;
	    format: string;
	    audience: string;
	    file: string;
	    bytes: number;
	    sha256: string;
	    findings: number;
	    hidden: FindingCount[];
	    shown: string[];
	    open: boolean;
	}
	export interface ReportExportOut {
	    download: string;
	    name: string;
	    made: ReportMade;
	    shown: HiddenKind[];
	}
	
	
	
	
	export interface ReportPreview {
	    id: string;
	    page: string;
	    bytes: number;
	    title: string;
	    findings: number;
	    evidence: number;
	    large: boolean;
	    shortened: string[];
	    hidden: HiddenKind[];
	    took_ms: number;
	    counts: FindingCount[];
	}
	
	
	
	export interface ReportsMadeOut {
	    items: ReportMade[];
	    total: number;
	}
	export interface RestoreFindingsIn {
	    before: FindingBefore[];
	}
	export interface RestoreModelIn {
	    token: string;
	}
	
	export interface RoleIn {
	    name: string;
	}
	export interface RoleRow {
	    name: string;
	    headers: string[];
	    body: string[];
	    command: string;
	    login: string[];
	    token: string;
	    latest: string;
	    knows: string[];
	    holds: string[];
	    added: string;
	    models: string[];
	}
	export interface RolesOut {
	    items: RoleRow[];
	}
	
	
	
	
	export interface RulingsIn {
	    actions: string[];
	    policies: string[];
	    from: number;
	    limit: number;
	}
	export interface RulingsOut {
	    items: RulingRow[];
	    total: number;
	    all: number;
	}
	export interface RunIn {
	    id: string;
	}
	export interface RunOut {
	    row: RunRow;
	    waiting: string;
	    budget: Budget;
	    forecast: Forecast;
	    targets: RunTargetRow[];
	    skipped: SkippedGroup[];
	    untested: FrameworkID[];
	    judge: string;
	    authorisation: string;
	    baseline: string;
	    needs_key: boolean;
	    spent: boolean;
	}
	
	
	
	export interface RunsOut {
	    runs: RunRow[];
	}
	export interface SaveBodyIn {
	    id: string;
	    side: string;
	}
	export interface SaveFilterIn {
	    name: string;
	    query: string;
	}
	export interface SaveOut {
	    job: Job;
	    download: string;
	    name: string;
	}
	export interface SaveSettingsIn {
	    section: string;
	    settings: app.Settings;
	}
	
	export interface ScopeIn {
	    host: string;
	    authorisation: string;
	}
	export interface ScopesIn {
	    ids: string[];
	}
	export interface ThreatScope {
	    id: string;
	    where: string;
	    words: string;
	    n: number;
	}
	export interface ScopesOut {
	    scopes: ThreatScope[];
	}
	export interface ScriptIn {
	    shell: string;
	}
	export interface ScriptOut {
	    text: string;
	}
	export interface SectionIn {
	    section: string;
	}
	export interface SendIn {
	    tab: string;
	    times: number;
	}
	export interface SendOut {
	    id: string;
	}
	export interface SensitiveIn {
	    type: string;
	    class: string;
	    endpoint: string;
	    from: number;
	    limit: number;
	}
	export interface TypeCount {
	    type: string;
	    class: string;
	    places: number;
	    exchanges: number;
	    query: string;
	    custom: boolean;
	}
	export interface SensitiveOut {
	    items: SensitivePlace[];
	    count: number;
	    types: TypeCount[];
	}
	
	
	
	
	export interface SetFindingsIn {
	    ids: string[];
	    state: string;
	    why: string;
	}
	export interface SetFindingsOut {
	    before: FindingBefore[];
	}
	export interface SetParamIn {
	    tab: string;
	    ref: string;
	    value: string;
	}
	export interface SetRawIn {
	    tab: string;
	    head: string;
	    body: string;
	}
	export interface SetReportLogoIn {
	    picture: string;
	}
	export interface SetRoleIn {
	    was: string;
	    role: RoleRow;
	}
	export interface SetSlotIn {
	    tab: string;
	    ref: string;
	    text: string;
	}
	export interface SetThreatRuleIn {
	    id: string;
	    on: boolean;
	    threshold: number;
	    severity: string;
	}
	export interface SetThreatsIn {
	    ids: string[];
	    state: string;
	    note: string;
	}
	export interface SettingsOut {
	    settings: app.Settings;
	    defaults: app.Settings;
	    fixed: string[];
	    restart: boolean;
	    problems: app.SettingProblem[];
	}
	export interface UpstreamState {
	    found: boolean;
	    url: string;
	    source: string;
	    used: boolean;
	}
	export interface TargetState {
	    on: boolean;
	    url: string;
	    example: string;
	}
	export interface Started {
	    id: string;
	    kind: string;
	    name: string;
	    at: string;
	    ended: boolean;
	    problem: string;
	    counted: boolean;
	    requests: number;
	    read: number;
	    refused: number;
	}
	export interface SetupStatus {
	    seen: number;
	    listen: string;
	    clients: ClientCount[];
	    started: Started[];
	    refusals: Refusal[];
	    passed: string[];
	    target: TargetState;
	    remote: RemoteState;
	    upstream: UpstreamState;
	    port: PortConflict;
	}
	export interface ShelfOut {
	    revision: string;
	}
	export interface ShowHiddenIn {
	    preview: string;
	    placeholder: string;
	    on: boolean;
	}
	export interface SignMark {
	    sign: ThreatSign;
	    at: string;
	    from: number;
	    to: number;
	    rule: string;
	}
	export interface SignsOut {
	    threats: ThreatRow[];
	    signs: SignMark[];
	    cut: number;
	}
	
	
	export interface SplitIn {
	    id: string;
	    segment: number;
	}
	
	export interface StarRunIn {
	    id: string;
	    starred: boolean;
	}
	
	export interface StartedIn {
	    id: string;
	}
	export interface State {
	    version: string;
	    os: string;
	    mode: string;
	    project: ProjectState;
	    capture: CaptureState;
	    guard: GuardState;
	    jobs: Job[];
	}
	export interface Step {
	    name: string;
	    from_ms: number;
	    to_ms: number;
	}
	export interface StoodOut {
	    exchanges: number;
	    models: number;
	    runs: number;
	}
	export interface StrategyRow {
	    name: string;
	    what: string;
	}
	export interface StreamIn {
	    id: string;
	    from: number;
	    limit: number;
	    contains: string;
	    whole: boolean;
	}
	export interface StreamItem {
	    n: number;
	    at_ms: number;
	    gap_ms: number;
	    bytes: number;
	    side: string;
	    name: string;
	    text: string;
	    more: number;
	    lost: string;
	}
	export interface StreamOut {
	    kind: string;
	    framing: string;
	    live: boolean;
	    items: StreamItem[];
	    count: number;
	    total: number;
	    first_ms: number;
	    begin_ms: number;
	    end_ms: number;
	    longest_ms: number;
	    tokens_second: number;
	    bytes: number;
	    bar: number[];
	    comments: number;
	    dropped: number;
	}
	export interface SuggestIn {
	    text: string;
	    cursor: number;
	}
	export interface Suggestion {
	    kind: string;
	    text: string;
	    help: string;
	    start: number;
	    end: number;
	}
	export interface SuggestOut {
	    suggestions: Suggestion[];
	    explain: string;
	    problem: QueryFault;
	}
	
	
	export interface Tally {
	    value: string;
	    n: number;
	}
	export interface Summary {
	    exchanges: number;
	    conversations: number;
	    providers: Tally[];
	    models: Tally[];
	    hosts: Tally[];
	    resent: boolean;
	}
	export interface SyncIn {
	    view: string;
	}
	export interface SyncOut {
	    count: number;
	    total: number;
	    folded: number;
	    from: number;
	    behind: number;
	    looking: boolean;
	}
	
	
	export interface TabIn {
	    tab: string;
	}
	export interface TabsOut {
	    tabs: Tab[];
	    groups: string[];
	    closed: number;
	}
	
	export interface TargetIn {
	    on: boolean;
	}
	export interface TargetRow {
	    ref: string;
	    name: string;
	    provider: string;
	    model: string;
	    host: string;
	    tried: string;
	    problem: string;
	    needs_key: boolean;
	}
	
	export interface TargetsOut {
	    models: TargetRow[];
	    roles: string[];
	    strategies: StrategyRow[];
	}
	export interface TemplateCheck {
	    id: string;
	    problems: TemplateFault[];
	}
	
	export interface TemplateIn {
	    id: string;
	}
	export interface TemplateResult {
	    run: string;
	    name: string;
	    at: string;
	    counts: CaseCounts;
	}
	export interface TemplateOut {
	    row: TemplateRow;
	    description: string;
	    frameworks: FrameworkID[];
	    needs: FrameworkID[];
	    slot: string;
	    prompts: string[];
	    turns: string[];
	    payloads: PayloadList[];
	    requests: string[];
	    mutations: string[];
	    signals: string[];
	    detect: string;
	    remediation: string;
	    references: string[];
	    samples: number;
	    suites: string[];
	    trials: number;
	    file: string;
	    text: string;
	    results: TemplateResult[];
	}
	
	
	export interface TemplateText {
	    file: string;
	    text: string;
	}
	export interface ThreatBar {
	    at: number;
	    from: string;
	    counts: FindingCount[];
	    n: number;
	}
	
	export interface ThreatIn {
	    id: string;
	}
	export interface ThreatWord {
	    id: string;
	    title: string;
	}
	export interface ThreatOut {
	    row: ThreatRow;
	    rule_name: string;
	    meaning: string;
	    advice: string;
	    usual: string;
	    score: number;
	    note: string;
	    group: string;
	    raised: string;
	    endpoint: string;
	    place: string;
	    conversation: string;
	    query: string;
	    frameworks: ThreatWord[];
	    moments: MomentRow[];
	    kept: number;
	    gone: number;
	}
	
	export interface ThreatRule {
	    id: string;
	    name: string;
	    meaning: string;
	    advice: string;
	    severity: string;
	    shipped_severity: string;
	    on: boolean;
	    threshold: number;
	    shipped_threshold: number;
	    threshold_of: string;
	    when: string;
	    where: string;
	    window: string;
	    cooldown: string;
	    single: boolean;
	    samples: number;
	    own: boolean;
	    file: string;
	    tags: string[];
	    owasp: string[];
	    frameworks: ThreatWord[];
	    threats: number;
	    moments: number;
	    last_seen: string;
	}
	export interface ThreatRulesOut {
	    rules: ThreatRule[];
	    problems: string[];
	    exceptions: ThreatException[];
	}
	
	
	export interface ThreatTimelineIn {
	    range: string;
	}
	export interface ThreatTimelineOut {
	    from: string;
	    step_ms: number;
	    bars: number;
	    total: number;
	    found: ThreatBar[];
	}
	
	export interface ThreatsIn {
	    states: string[];
	    severities: string[];
	    rules: string[];
	    actors: string[];
	    slow: boolean;
	    text: string;
	    sort: string;
	    desc: boolean;
	    from: number;
	    limit: number;
	}
	export interface ThreatsOut {
	    total: number;
	    items: ThreatRow[];
	}
	export interface ThreatsSummary {
	    total: number;
	    new: number;
	    states: FindingCount[];
	    severities: FindingCount[];
	    recorded: number;
	    waiting: number;
	    rules: number;
	    off: number;
	    exceptions: number;
	    broken: number;
	    cut: number;
	}
	export interface ThreatsUndo {
	    before: FindingBefore[];
	    exceptions: string[];
	}
	export interface TimingOut {
	    started: string;
	    live: boolean;
	    duration_ms: number;
	    reused: boolean;
	    steps: Step[];
	    request_bytes: number;
	    response_bytes: number;
	}
	export interface ToggleIn {
	    view: string;
	    conversation: string;
	    expand: boolean;
	}
	
	
	
	export interface TrustIn {
	    trust: boolean;
	}
	export interface TrustOut {
	    stores: app.StoreState[];
	    problems: string[];
	}
	export interface TryModelIn {
	    id: string;
	    key: string;
	    keep: boolean;
	    recorded: boolean;
	    patience: number;
	}
	
	export interface TypesOut {
	    built_in: BuiltInType[];
	    custom: CustomType[];
	}
	export interface UnacceptIn {
	    before: FindingBefore[];
	}
	export interface UndecideIn {
	    decision: string;
	}
	export interface UpstreamIn {
	    use: boolean;
	}
	
	export interface ViewIn {
	    query: string;
	    all: boolean;
	    group: boolean;
	    replaces: string;
	}
	export interface ViewOut {
	    view: string;
	    count: number;
	    total: number;
	    folded: number;
	    looking: boolean;
	    explain: string;
	    problem: QueryFault;
	}

}

