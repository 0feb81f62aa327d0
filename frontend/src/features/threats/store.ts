import { create } from 'zustand';
import type { go } from '../../api';

/** What of the watch is looked at. */
export const looks = ['threats', 'actors', 'rules'] as const;

export type Look = (typeof looks)[number];

/** What threats can be sorted by. */
export type Sort = 'severity' | 'last' | 'first' | 'count' | 'title' | 'actor';

/** What actors can be sorted by. */
export type ActorSort = 'risk' | 'last' | 'first' | 'exchanges' | 'name';

/** How much of the past the timeline shows. */
export const ranges = ['hour', 'day', 'all'] as const;

export type Range = (typeof ranges)[number];

/** Which threats are listed; empty lists select everything. */
export type Filter = Omit<go.ThreatsIn, 'sort' | 'desc' | 'from' | 'limit'>;

/** Which actors are listed. */
export type ActorFilter = Pick<go.ActorsIn, 'kinds' | 'text'>;

interface ThreatsState {
  /** the project that the rest is about */
  project: string;
  look: Look;
  range: Range;
  filter: Filter;
  sort: Sort;
  desc: boolean;
  /** the threat that is open; empty for none */
  open: string;
  /** threats that are chosen together */
  picked: ReadonlySet<string>;
  /** threats that are asked about whether they are harmless */
  harmless: readonly string[];
  actors: ActorFilter;
  actorSort: ActorSort;
  actorDesc: boolean;
  /** the actor that is open, the rule; empty for none */
  actor: string;
  rule: string;
  /** words that rules are narrowed by */
  ruleText: string;
}

export const everything: Filter = {
  states: [],
  severities: [],
  rules: [],
  actors: [],
  slow: false,
  text: '',
};

export const everybody: ActorFilter = { kinds: [], text: '' };

const start = {
  look: 'threats',
  range: 'hour',
  filter: everything,
  sort: 'severity',
  desc: true,
  open: '',
  picked: new Set<string>(),
  harmless: [],
  actors: everybody,
  actorSort: 'risk',
  actorDesc: true,
  actor: '',
  rule: '',
  ruleText: '',
} as const;

/** useThreats is the state of the watch. It outlives the screen, so that coming back finds it as it was. */
export const useThreats = create<ThreatsState>(() => ({ ...start, project: '' }));

/** begin forgets what was about another project. */
export function begin(project: string): void {
  const before = useThreats.getState().project;
  if (before === project) return;
  useThreats.setState(before === '' ? { project } : { ...start, project });
}

/** setFilter changes which threats are listed. What was chosen together was of another list. */
export function setFilter(change: Partial<Filter>): void {
  useThreats.setState(({ filter }) => ({ filter: { ...filter, ...change }, picked: new Set<string>() }));
}

/** place takes over what a link asks for. */
export function place({ look, threat, actor, rule, severity, state, of }: Record<string, string>): void {
  useThreats.setState({
    ...(look && looks.includes(look as Look) ? { look: look as Look } : {}),
    ...(threat !== undefined && { open: threat, look: 'threats' as const }),
    ...(actor !== undefined && { actor, look: 'actors' as const }),
    ...(rule !== undefined && { rule, look: 'rules' as const }),
  });
  if (severity || state || of) {
    setFilter({
      ...everything,
      severities: severity ? [severity] : [],
      states: state ? [state] : [],
      rules: of ? [of] : [],
    });
    useThreats.setState({ look: 'threats' });
  }
}
