import { IconAlertTriangle } from '@tabler/icons-react';
import type { go } from '../../api';
import { t } from '../../i18n';
import { Visible } from '../../theme/Visible';
import { chips } from './fields';
import base from './inventory.module.css';
import { Chip } from './parts';
import { useInventory } from './store';

const shownHosts = 3;

/** Head says what is not in the lists, and above the endpoints what is in them: each number selects what it counts. */
export function Head({ overview }: { overview: go.OverviewOut }) {
  const tab = useInventory((state) => state.tab);
  const { behind, outside, full } = overview;
  return (
    <div>
      {tab === 'endpoints' && <Chips overview={overview} />}
      {(behind > 0 || outside > 0) && (
        <p className={base.note} role="status">
          {behind > 0 && <span>{t('inventory.behind', { n: behind })}</span>}
          {outside > 0 && <span>{t('inventory.outside', { n: outside })}</span>}
        </p>
      )}
      {full.length > 0 && (
        <p className={base.note} data-warn>
          <IconAlertTriangle size={14} aria-hidden />
          <span>{t('inventory.full', { n: full.length })}</span>
          {full.slice(0, shownHosts).map(({ value, n }) => (
            <span key={value} className={base.mono} title={t('inventory.fullHost', { n })}>
              <Visible text={value} />
            </span>
          ))}
          {full.length > shownHosts && <span>{t('inventory.more', { n: full.length - shownHosts })}</span>}
        </p>
      )}
    </div>
  );
}

function Chips({ overview }: { overview: go.OverviewOut }) {
  const query = useInventory((state) => state.query);
  const show = (next: string) => useInventory.setState({ text: next, query: next });
  return (
    // biome-ignore lint/a11y/useSemanticElements: buttons that belong together are no fieldset
    <div className={base.chips} role="group" aria-label={t('inventory.chips.label')}>
      <Chip
        label={t('inventory.chips.all')}
        title={t('inventory.chips.hosts', { n: overview.hosts })}
        n={overview.endpoints}
        pressed={query === ''}
        onPress={() => show('')}
      />
      {chips.map(({ id, query: selects, label, help, n }) => {
        const pressed = query === selects;
        return (
          <Chip
            key={id}
            label={label()}
            title={help()}
            n={n(overview)}
            pressed={pressed}
            onPress={() => show(pressed ? '' : selects)}
          />
        );
      })}
    </div>
  );
}
