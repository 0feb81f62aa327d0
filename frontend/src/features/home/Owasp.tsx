import { UnstyledButton } from '@mantine/core';
import type { go } from '../../api';
import { t } from '../../i18n';
import { Visible } from '../../theme/Visible';
import { When } from '../inventory/parts';
import classes from './Owasp.module.css';
import { Answered, Card, ItemState } from './parts';
import { usePosture } from './queries';
import { opener, planItem } from './refs';
import { useHome } from './store';
import { itemWord, short, states } from './words';

/** Owasp is how each category of the OWASP list stands, and what would test those that nobody tested. */
export function Owasp() {
  const of = useHome((home) => home.of);
  const posture = usePosture(of);
  return (
    <Card
      title={posture.data?.list || t('home.owasp.title')}
      aside={
        <UnstyledButton
          className={classes.all ?? ''}
          onClick={() => useHome.setState({ tab: 'coverage', framework: 'owasp-llm' })}
        >
          {t('home.owasp.all')}
        </UnstyledButton>
      }
    >
      <Answered query={posture} rows={6}>
        {({ items }) => (
          <>
            <Tally items={items} />
            <ul className={classes.grid}>
              {items.map((item) => (
                <li key={item.id} className={classes.tile} data-state={item.state}>
                  <Tile item={item} />
                </li>
              ))}
            </ul>
          </>
        )}
      </Answered>
    </Card>
  );
}

// How many stand how, as a bar with its numbers in words.
function Tally({ items }: { items: readonly go.HomeCovered[] }) {
  const counts = states
    .map((state) => ({ state, n: items.filter((item) => item.state === state).length }))
    .filter(({ n }) => n > 0);
  return (
    <ul className={classes.tally} aria-label={t('home.owasp.tally')}>
      {counts.map(({ state, n }) => (
        <li key={state} data-state={state} style={{ flexGrow: n }}>
          {n} {itemWord(state)}
        </li>
      ))}
    </ul>
  );
}

function Tile({ item }: { item: go.HomeCovered }) {
  const { id, title, state, cases, vulnerable, targets, last, why, templates } = item;
  return (
    <>
      <p className={classes.id}>
        {short(id)} <ItemState state={state} />
      </p>
      <p className={classes.name}>{title}</p>
      <p className={classes.facts}>
        {state === 'not_tested' &&
          (templates > 0 ? t('home.owasp.would', { n: templates }) : t('home.owasp.nothingWould'))}
        {state === 'not_testable' && <Visible text={why} />}
        {state === 'vulnerable' &&
          (cases > 0 ? t('home.owasp.gaveIn', { n: vulnerable, cases }) : t('home.owasp.seen'))}
        {(state === 'resisted' || state === 'tested') && t('home.owasp.cases', { cases, targets })}
        {last && (
          <>
            {', '}
            <When at={last} />
          </>
        )}
      </p>
      {(state === 'not_tested' || state === 'tested') && (
        <UnstyledButton
          className={classes.act ?? ''}
          aria-label={t('home.plan.itemSpoken', { id: short(id), title })}
          onClick={() => planItem(id)}
        >
          {t('home.plan.item')}
        </UnstyledButton>
      )}
      {state === 'vulnerable' && (
        <UnstyledButton
          className={classes.act ?? ''}
          aria-label={t('home.owasp.openSpoken', { id: short(id), title })}
          onClick={opener(`owasp:${id}`)}
        >
          {t('home.owasp.open')}
        </UnstyledButton>
      )}
      {state === 'resisted' && (
        <UnstyledButton
          className={classes.act ?? ''}
          aria-label={t('home.plan.againSpoken', { id: short(id), title })}
          onClick={() => planItem(id)}
        >
          {t('home.plan.again')}
        </UnstyledButton>
      )}
    </>
  );
}
