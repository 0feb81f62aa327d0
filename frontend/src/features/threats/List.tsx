import type { go } from '../../api';
import { useCommand } from '../../commands';
import { t } from '../../i18n';
import { Chosen } from '../inventory/Chosen';
import { Grid } from '../inventory/Grid';
import { usePicking } from '../inventory/usePicking';
import { setState } from './acts';
import { columns, falling, spoken } from './columns';
import { states, stateWord, type ThreatState } from './parts';
import { type Pages, useRenewThreats } from './queries';
import { type Sort, useThreats } from './store';

interface ListProps {
  pages: Pages<go.ThreatRow>;
  focusList(): void;
}

const keyOf = ({ id }: go.ThreatRow) => id;

/** keys of the states, as commands.ts gives them */
const keys: Record<ThreatState, string> = { new: 'N', confirmed: 'C', harmless: 'H', closed: 'X' };

/** List is all threats that the filter selects. */
export function List({ pages, focusList }: ListProps) {
  const { sort, desc, open, picked } = useThreats();
  const { at } = pages;
  const total = pages.total ?? 0;
  const renew = useRenewThreats();
  const pick = (next: ReadonlySet<string>) => useThreats.setState({ picked: next });
  const { cursor, chosen, show, move } = usePicking({
    feature: 'threats',
    total,
    at,
    open,
    picked,
    onOpen: (id) => useThreats.setState({ open: id }),
    onPick: pick,
    focusList,
  });
  const some = chosen.length > 0;
  useCommand('threats.new', () => void setState(chosen, 'new', renew), some);
  useCommand('threats.confirmed', () => void setState(chosen, 'confirmed', renew), some);
  useCommand('threats.closed', () => void setState(chosen, 'closed', renew), some);
  useCommand('threats.harmless', () => void setState(chosen, 'harmless', renew), some);
  const onSort = (by: string) =>
    useThreats.setState({ sort: by as Sort, desc: by === sort ? !desc : falling.includes(by) });
  return (
    <>
      <Grid
        name="threats"
        label={t('threats.list')}
        columns={columns}
        count={total}
        at={at}
        keyOf={keyOf}
        spoken={spoken}
        cursor={cursor}
        picked={picked}
        sorting={{ by: sort, desc, onSort }}
        busy={pages.busy}
        version={pages.version}
        onWant={pages.want}
        onMove={move}
        onOpen={show}
        opensAtOnce
      />
      {picked.size > 1 && (
        <Chosen
          says={t('threats.chosen', { n: picked.size })}
          acts={states.map((state) => ({
            name: stateWord(state),
            keys: keys[state],
            onAct: () => void setState([...picked], state, renew),
          }))}
          clearLabel={t('threats.chosenClear')}
          onClear={() => {
            pick(new Set());
            focusList();
          }}
        />
      )}
    </>
  );
}
