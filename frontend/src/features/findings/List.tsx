import type { go } from '../../api';
import { useCommand } from '../../commands';
import { t } from '../../i18n';
import { Chosen } from '../inventory/Chosen';
import { Grid } from '../inventory/Grid';
import { usePicking } from '../inventory/usePicking';
import { setState } from './acts';
import { columns, falling, spoken } from './columns';
import { type FindingState, states, stateWord } from './parts';
import { type usePages, useRenewFindings } from './queries';
import { type Sort, useFindings } from './store';

interface ListProps {
  pages: ReturnType<typeof usePages>;
  focusList(): void;
}

const keyOf = ({ id }: go.FindingRow) => id;

/** keys of the states, as commands.ts gives them */
const keys: Record<FindingState, string> = {
  new: 'N',
  verified: 'V',
  accepted: 'A',
  false_positive: 'F',
  fixed: 'X',
};

/** List is all findings that the filter selects. */
export function List({ pages, focusList }: ListProps) {
  const { sort, desc, open, picked } = useFindings();
  const { at } = pages;
  const total = pages.total ?? 0;
  const renew = useRenewFindings();
  const pick = (next: ReadonlySet<string>) => useFindings.setState({ picked: next });
  const { cursor, chosen, show, move } = usePicking({
    feature: 'findings',
    total,
    at,
    open,
    picked,
    onOpen: (id) => useFindings.setState({ open: id }),
    onPick: pick,
    focusList,
  });
  const some = chosen.length > 0;
  useCommand('findings.new', () => void setState(chosen, 'new', renew), some);
  useCommand('findings.verified', () => void setState(chosen, 'verified', renew), some);
  useCommand('findings.accepted', () => void setState(chosen, 'accepted', renew), some);
  useCommand('findings.false_positive', () => void setState(chosen, 'false_positive', renew), some);
  useCommand('findings.fixed', () => void setState(chosen, 'fixed', renew), some);
  const onSort = (by: string) =>
    useFindings.setState({ sort: by as Sort, desc: by === sort ? !desc : falling.includes(by) });
  return (
    <>
      <Grid
        name="findings"
        label={t('findings.list')}
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
          says={t('findings.chosen', { n: picked.size })}
          acts={states.map((state) => ({
            name: stateWord(state),
            keys: keys[state],
            onAct: () => void setState([...picked], state, renew),
          }))}
          clearLabel={t('findings.chosenClear')}
          onClear={() => {
            pick(new Set());
            focusList();
          }}
        />
      )}
    </>
  );
}
