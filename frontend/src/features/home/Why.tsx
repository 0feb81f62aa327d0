import { UnstyledButton } from '@mantine/core';
import { IconChevronRight } from '@tabler/icons-react';
import type { go } from '../../api';
import { t } from '../../i18n';
import { Visible } from '../../theme/Visible';
import { Answered, Card, Empty } from './parts';
import { usePosture } from './queries';
import { opener, proofOf } from './refs';
import { useHome } from './store';
import classes from './Why.module.css';
import { areaWord, points } from './words';

const MOST = 5;

/** Why lists what takes most points away; each opens its evidence. */
export function Why() {
  const of = useHome((home) => home.of);
  const posture = usePosture(of);
  const n = posture.data?.reasons.length ?? 0;
  return (
    <Card
      title={t('home.why.title')}
      aside={
        n > MOST && (
          <UnstyledButton className={classes.all ?? ''} onClick={() => useHome.setState({ tab: 'score' })}>
            {t('home.why.all', { n })}
          </UnstyledButton>
        )
      }
    >
      <Answered query={posture} rows={5}>
        {({ reasons }) =>
          reasons.length === 0 ? (
            <Empty>
              <p>{t('home.why.none')}</p>
            </Empty>
          ) : (
            <>
              <Reasons reasons={worst(reasons).slice(0, MOST)} />
              <Limited reasons={reasons} />
            </>
          )
        }
      </Answered>
    </Card>
  );
}

// Those that take away something now, the most first; an area at its limit takes no more.
const worst = (reasons: readonly go.HomeReason[]) =>
  reasons.filter(({ points }) => points > 0).sort((a, b) => b.points - a.points);

function Limited({ reasons }: { reasons: readonly go.HomeReason[] }) {
  const n = reasons.filter(({ points }) => points === 0).length;
  return n > 0 && <p className={classes.limited}>{t('home.why.limited', { n })}</p>;
}

/** Reasons are deductions, each with its points and a link to its evidence. */
export function Reasons({
  reasons,
  ofArea = false,
}: {
  reasons: readonly go.HomeReason[];
  ofArea?: boolean;
}) {
  return (
    <ol className={classes.reasons}>
      {reasons.map((reason, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: two reasons may say the same
        <li key={at}>
          <Reason reason={reason} ofArea={ofArea} />
        </li>
      ))}
    </ol>
  );
}

function Reason({ reason, ofArea }: { reason: go.HomeReason; ofArea: boolean }) {
  const { points: taken, full, what, ref, area, code } = reason;
  const open = opener(proofOf(code, ref));
  const body = (
    <>
      <span className={classes.points} data-none={taken === 0 || undefined}>
        {taken > 0 ? `−${points(taken)}` : '0'}
      </span>
      <span className={classes.what}>
        <Visible text={what} />
        <span className={classes.area}>
          {!ofArea && areaWord(area)}
          {!ofArea && full > taken && ' · '}
          {full > taken && t('home.why.full', { full: points(full) })}
        </span>
      </span>
      {open && <IconChevronRight size={16} className={classes.go} aria-hidden />}
    </>
  );
  if (!open) return <div className={classes.reason}>{body}</div>;
  return (
    <UnstyledButton className={classes.reason ?? ''} onClick={open}>
      {body}
    </UnstyledButton>
  );
}
