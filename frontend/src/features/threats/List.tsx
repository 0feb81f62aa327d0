import type { go } from '../../api';
import { t } from '../../i18n';
import { JudgedList, type Judging } from '../findings/Judged';
import type { Pages } from '../inventory/usePages';
import { setState } from './acts';
import { columns, falling, spoken } from './columns';
import { states, stateWord, type ThreatState } from './parts';
import { useRenewThreats } from './queries';
import { type Sort, useThreats } from './store';

/** judging is what a list of threats is. */
export const judging: Judging<go.ThreatRow, ThreatState> = {
  feature: 'threats',
  words: {
    list: t('threats.list'),
    chosen: (n) => t('threats.chosen', { n }),
    chosenClear: t('threats.chosenClear'),
    none: t('threats.noMatch.title'),
    noneText: (n) => t('threats.noMatch.text', { n }),
    noneClear: t('threats.noMatch.clear'),
    states: t('threats.filter.states'),
    open: t('threats.filter.open'),
    clear: t('threats.filter.clear'),
    count: (n, total) => t('threats.filter.count', { n, total }),
    note: t('threats.part.note'),
    notePlaceholder: t('threats.note.placeholder'),
    noteSave: t('threats.note.save'),
  },
  columns,
  falling,
  spoken,
  states,
  keys: { new: 'N', confirmed: 'C', harmless: 'H', closed: 'X' },
  stateWord,
};

/** List is all threats that the filter selects. */
export function List({ pages, focusList }: { pages: Pages<go.ThreatRow>; focusList(): void }) {
  const { sort, desc, open, picked } = useThreats();
  const renew = useRenewThreats();
  return (
    <JudgedList
      of={judging}
      pages={pages}
      sort={sort}
      desc={desc}
      open={open}
      picked={picked}
      onSort={(by, falls) => useThreats.setState({ sort: by as Sort, desc: falls })}
      onOpen={(id) => useThreats.setState({ open: id })}
      onPick={(next) => useThreats.setState({ picked: next })}
      onState={(ids, state) => void setState(ids, state, renew)}
      focusList={focusList}
    />
  );
}
