import { Select, UnstyledButton } from '@mantine/core';
import { useState } from 'react';
import type { go } from '../../api';
import { EmptyState } from '../../frame/ui';
import { t } from '../../i18n';
import { formatNumber } from '../../i18n/format';
import { Visible } from '../../theme/Visible';
import { Chip, Scrolls, When } from '../inventory/parts';
import classes from './Coverage.module.css';
import { Answered, Evidence, ItemSign, ItemState } from './parts';
import { useCoverage } from './queries';
import { opener, planAll, planItem } from './refs';
import { useHome } from './store';
import { itemWord, short, states } from './words';

/** Coverage is how every framework stands, item by item and asset by asset. */
export function Coverage() {
  const framework = useHome((home) => home.framework);
  const coverage = useCoverage(framework);
  return (
    <Answered query={coverage} rows={14}>
      {(data) =>
        data.frameworks.length === 0 ? (
          <EmptyState title={t('home.coverage.empty')} text={t('home.coverage.emptyText')} />
        ) : (
          <Grid data={data} />
        )
      }
    </Answered>
  );
}

const LIST = 'owasp-llm';

function Grid({ data }: { data: go.HomeCoverage }) {
  const [state, setState] = useState('');
  const one = data.frameworks.find(({ id }) => id === data.id);
  if (!one) return null;
  const count = (state: string) => data.rows.filter(({ item }) => item.state === state).length;
  const rows = data.rows.filter(({ item }) => state === '' || item.state === state);
  return (
    <div className={classes.coverage}>
      <div className={classes.head}>
        <Select
          aria-label={t('home.coverage.framework')}
          className={classes.select ?? ''}
          data={data.frameworks.map(({ id, name, version }) => ({ value: id, label: `${name} ${version}` }))}
          value={data.id}
          allowDeselect={false}
          onChange={(framework) => framework && useHome.setState({ framework })}
        />
        <div className={classes.chips}>
          {states
            .filter((each) => count(each) > 0)
            .map((each) => (
              <Chip
                key={each}
                label={itemWord(each)}
                n={count(each)}
                pressed={state === each}
                onPress={() => setState(state === each ? '' : each)}
              />
            ))}
        </div>
      </div>
      <p className={classes.note}>
        {t('home.coverage.version', { version: one.version })}{' '}
        <span className={classes.source}>{one.source}</span>
        {data.note && <span className={classes.about}>{data.note}</span>}
      </p>
      <Scrolls label={`${one.name} ${one.version}`} pane="home-coverage" className={classes.scrolls}>
        <table className={classes.table}>
          <thead>
            <tr>
              <th scope="col">{t('home.coverage.item')}</th>
              <th scope="col">{t('home.coverage.all')}</th>
              {data.assets.map((name, at) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: two assets may be called the same
                <th key={at} scope="col" title={name} className={classes.asset}>
                  <span>
                    <Visible text={name} />
                  </span>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <Row key={row.item.id} row={row} assets={data.assets} plans={data.id === LIST} />
            ))}
          </tbody>
        </table>
        {data.assets.length === 0 && <p className={classes.nothing}>{t('home.coverage.noAssets')}</p>}
        {rows.length === 0 && <p className={classes.nothing}>{t('home.coverage.noRows')}</p>}
      </Scrolls>
    </div>
  );
}

interface RowProps {
  row: go.HomeRow;
  assets: readonly string[];
  /** an item of this list can be planned by itself */
  plans: boolean;
}

function Row({ row: { item, cells }, assets, plans }: RowProps) {
  const { id, title, state, cases, templates, last, why } = item;
  const proof = cells.find(({ ref, cases: sent }) => ref !== '' && sent > 0);
  const undecided = state === 'not_tested' || state === 'tested';
  return (
    <tr data-state={state}>
      <th scope="row">
        <span className={classes.id}>{short(id)}</span> {title}
        {why && <span className={classes.why}>{why}</span>}
      </th>
      <td>
        <ItemState state={state} />
        <span className={classes.facts}>
          {cases > 0 && (
            <Evidence
              evidence={plans && state === 'vulnerable' ? `owasp:${id}` : (proof?.ref ?? '')}
              label={t('home.coverage.cases', { n: cases })}
            />
          )}
          {last && (
            <>
              {' '}
              <When at={last} />
            </>
          )}
          {undecided && templates > 0 && (
            <>
              {cases > 0 && ' '}
              {t('home.coverage.would', { n: templates })}{' '}
              <UnstyledButton
                className={classes.link ?? ''}
                aria-label={t('home.plan.itemSpoken', { id: short(id), title })}
                onClick={() => (plans ? planItem(id) : planAll())}
              >
                {t('home.plan.item')}
              </UnstyledButton>
            </>
          )}
        </span>
      </td>
      {cells.map((cell, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: one for each asset
        <td key={at} className={classes.cell} data-state={cell.state}>
          <Cell cell={cell} item={`${short(id)} ${title}`} asset={assets[at] ?? ''} />
        </td>
      ))}
    </tr>
  );
}

function Cell({ cell, item, asset }: { cell: go.HomeCell; item: string; asset: string }) {
  const { state, cases, ref } = cell;
  const open = opener(ref);
  const spoken = t('home.coverage.cell', { item, asset, state: itemWord(state), n: cases });
  const body = (
    <>
      <ItemSign state={state} />
      {cases > 0 && formatNumber(cases)}
    </>
  );
  if (open) {
    return (
      <UnstyledButton
        className={classes.open ?? ''}
        aria-label={spoken}
        title={itemWord(state)}
        onClick={open}
      >
        {body}
      </UnstyledButton>
    );
  }
  return (
    <span className={classes.closed} role="img" aria-label={spoken} title={itemWord(state)}>
      {body}
    </span>
  );
}
