import type { go } from '../../api';
import { t } from '../../i18n';
import type { Pages } from '../inventory/usePages';
import { setState } from './acts';
import { columns, falling, spoken } from './columns';
import { JudgedList, type Judging } from './Judged';
import { type FindingState, states, stateWord } from './parts';
import { useRenewFindings } from './queries';
import { type Sort, useFindings } from './store';

/** judging is what a list of findings is. */
export const judging: Judging<go.FindingRow, FindingState> = {
  feature: 'findings',
  words: {
    list: t('findings.list'),
    chosen: (n) => t('findings.chosen', { n }),
    chosenClear: t('findings.chosenClear'),
    none: t('findings.noMatch.title'),
    noneText: (n) => t('findings.noMatch.text', { n }),
    noneClear: t('findings.noMatch.clear'),
    states: t('findings.filter.states'),
    open: t('findings.filter.open'),
    clear: t('findings.filter.clear'),
    count: (n, total) => t('findings.filter.count', { n, total }),
    note: t('findings.part.note'),
    notePlaceholder: t('findings.note.placeholder'),
    noteSave: t('findings.note.save'),
  },
  columns,
  falling,
  spoken,
  states,
  keys: { new: 'N', verified: 'V', accepted: 'A', false_positive: 'F', fixed: 'X' },
  stateWord,
};

/** List is all findings that the filter selects. */
export function List({ pages, focusList }: { pages: Pages<go.FindingRow>; focusList(): void }) {
  const { sort, desc, open, picked } = useFindings();
  const renew = useRenewFindings();
  return (
    <JudgedList
      of={judging}
      pages={pages}
      sort={sort}
      desc={desc}
      open={open}
      picked={picked}
      onSort={(by, falls) => useFindings.setState({ sort: by as Sort, desc: falls })}
      onOpen={(id) => useFindings.setState({ open: id })}
      onPick={(next) => useFindings.setState({ picked: next })}
      onState={(ids, state) => void setState(ids, state, renew)}
      focusList={focusList}
    />
  );
}
