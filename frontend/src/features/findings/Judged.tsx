// A list of what a person judges: findings, and threats of the watch. Both have rows with a severity and a state, are
// narrowed by both, and get a state one by one or together.
import { Button } from '@mantine/core';
import { IconFilterOff, IconX } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import type { go } from '../../api';
import { useCommand } from '../../commands';
import { EmptyState, Loading } from '../../frame/ui';
import { Chosen } from '../inventory/Chosen';
import { type Column, Grid } from '../inventory/Grid';
import base from '../inventory/inventory.module.css';
import { Panes } from '../inventory/Panes';
import { Chip, Failed } from '../inventory/parts';
import type { Pages } from '../inventory/usePages';
import { usePicking } from '../inventory/usePicking';
import classes from './findings.module.css';
import { severities, severityWord } from './parts';
import { toggled } from './store';

/** The words of a list; each stands whole in the feature that it is of. */
export interface JudgedWords {
  list: string;
  chosen(n: number): string;
  chosenClear: string;
  none: string;
  noneText(n: number): string;
  noneClear: string;
  states: string;
  open: string;
  clear: string;
  count(n: number, total: number): string;
  note: string;
  notePlaceholder: string;
  noteSave: string;
}

/** What a list needs to know of the thing that it lists. */
export interface Judging<Row, State extends string> {
  /** the name that commands begin with */
  feature: 'findings' | 'threats';
  words: JudgedWords;
  columns: Column<Row>[];
  /** sorts that begin with the worst, the newest or the most */
  falling: readonly string[];
  spoken(row: Row): string;
  states: readonly State[];
  /** keys of the states, as commands.ts gives them */
  keys: Readonly<Record<State, string>>;
  stateWord(state: string): string;
}

interface ListProps<Row extends { id: string }, State extends string> {
  of: Judging<Row, State>;
  pages: Pages<Row>;
  sort: string;
  desc: boolean;
  open: string;
  picked: ReadonlySet<string>;
  onSort(sort: string, desc: boolean): void;
  onOpen(id: string): void;
  onPick(picked: ReadonlySet<string>): void;
  onState(ids: string[], state: State): void;
  focusList(): void;
}

/** JudgedList is all rows that the filter selects. */
export function JudgedList<Row extends { id: string }, State extends string>(props: ListProps<Row, State>) {
  const { of, pages, sort, desc, open, picked, onSort, onOpen, onPick, onState, focusList } = props;
  const { at } = pages;
  const total = pages.total ?? 0;
  const { feature } = of;
  const { cursor, chosen, show, move } = usePicking({
    feature,
    total,
    at,
    open,
    picked,
    onOpen,
    onPick,
    focusList,
  });
  return (
    <>
      {of.states.map((state) => (
        <StateCommand
          key={state}
          name={`${feature}.${state}`}
          enabled={chosen.length > 0}
          onRun={() => onState(chosen, state)}
        />
      ))}
      <Grid
        name={feature}
        label={of.words.list}
        columns={of.columns}
        count={total}
        at={at}
        keyOf={({ id }: Row) => id}
        spoken={of.spoken}
        cursor={cursor}
        picked={picked}
        sorting={{
          by: sort,
          desc,
          onSort: (by) => onSort(by, by === sort ? !desc : of.falling.includes(by)),
        }}
        busy={pages.busy}
        version={pages.version}
        onWant={pages.want}
        onMove={move}
        onOpen={show}
        opensAtOnce
      />
      {picked.size > 1 && (
        <Chosen
          says={of.words.chosen(picked.size)}
          acts={of.states.map((state) => ({
            name: of.stateWord(state),
            keys: of.keys[state],
            onAct: () => onState([...picked], state),
          }))}
          clearLabel={of.words.chosenClear}
          onClear={() => {
            onPick(new Set());
            focusList();
          }}
        />
      )}
    </>
  );
}

function StateCommand({ name, enabled, onRun }: { name: string; enabled: boolean; onRun(): void }) {
  useCommand(name, onRun, enabled);
  return null;
}

interface PanesProps<Row> {
  words: JudgedWords;
  pages: Pages<Row>;
  /** how many there are without a filter */
  all: number;
  list: React.Ref<HTMLDivElement>;
  children: ReactNode;
  detail: ReactNode;
  onEverything(): void;
}

/** JudgedPanes are the list, or why there is none, and beside it all about one row. */
export function JudgedPanes<Row>({
  words,
  pages,
  all,
  list,
  children,
  detail,
  onEverything,
}: PanesProps<Row>) {
  return (
    <Panes
      first={
        <div ref={list} className={base.fill}>
          {pages.error ? (
            <Failed error={pages.error} />
          ) : pages.total === undefined ? (
            <Loading rows={10} />
          ) : pages.total === 0 ? (
            <EmptyState
              icon={<IconFilterOff size={40} />}
              title={words.none}
              text={words.noneText(all)}
              actions={<Button onClick={onEverything}>{words.noneClear}</Button>}
            />
          ) : (
            children
          )}
        </div>
      }
      second={detail}
    />
  );
}

interface ChipsProps<State extends string> {
  of: Pick<Judging<never, State>, 'words' | 'states' | 'stateWord'>;
  counts: { states: readonly go.FindingCount[]; severities: readonly go.FindingCount[] };
  filter: { states: readonly string[]; severities: readonly string[] };
  onFilter(change: { states: string[] } | { severities: string[] }): void;
}

/** JudgedChips are the states and severities with their numbers. */
export function JudgedChips<State extends string>({ of, counts, filter, onFilter }: ChipsProps<State>) {
  const numbers = (list: readonly go.FindingCount[]) => new Map(list.map(({ value, n }) => [value, n]));
  const byState = numbers(counts.states);
  const bySeverity = numbers(counts.severities);
  return (
    // biome-ignore lint/a11y/useSemanticElements: buttons that belong together are no fieldset
    <div className={base.chips} role="group" aria-label={of.words.states}>
      {of.states.map((state) => (
        <Chip
          key={state}
          label={of.stateWord(state)}
          n={byState.get(state) ?? 0}
          pressed={filter.states.includes(state)}
          onPress={() => onFilter({ states: toggled(filter.states, state) })}
        />
      ))}
      <span className={classes.gap} />
      {severities.map((severity) => (
        <Chip
          key={severity}
          label={severityWord(severity)}
          n={bySeverity.get(severity) ?? 0}
          title={of.words.open}
          pressed={filter.severities.includes(severity)}
          onPress={() => onFilter({ severities: toggled(filter.severities, severity) })}
        />
      ))}
    </div>
  );
}

interface CountProps {
  words: JudgedWords;
  /** something narrows the list */
  narrowed: boolean;
  /** how many there are, as far as it is known */
  total: number | undefined;
  all: number;
  onEverything(): void;
}

/** JudgedCount takes the filter away, and says how many rows it leaves. */
export function JudgedCount({ words, narrowed, total, all, onEverything }: CountProps) {
  return (
    <>
      {narrowed && (
        <Button size="compact-sm" variant="subtle" leftSection={<IconX size={14} />} onClick={onEverything}>
          {words.clear}
        </Button>
      )}
      <span className={classes.faint} role="status">
        {total !== undefined && words.count(total, all)}
      </span>
    </>
  );
}
