import { ActionIcon, Button, Progress } from '@mantine/core';
import { IconMinus, IconUserQuestion } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { create } from 'zustand';
import type { go } from '../../api';
import { useCommand } from '../../commands';
import { KeyCaps } from '../../commands/KeyCaps';
import { t } from '../../i18n';
import { Visible } from '../../theme/Visible';
import classes from './Approvals.module.css';
import { answer } from './acts';
import { useApprovals, useFreshApprovals, useRenewApprovals } from './queries';

/** later says that a person put the questions aside; the badge in the frame brings them back. */
const useAside = create<{ later: boolean; asked: number }>(() => ({ later: false, asked: 0 }));

/** showApprovals shows what waits, and gives it the keyboard. */
export function showApprovals(): void {
  useAside.setState(({ asked }) => ({ later: false, asked: asked + 1 }));
}

/**
 * Approvals is what waits for a person, over every screen. It never takes the keyboard by itself: who types goes on
 * typing. The answer keys are valid while the focus is in it.
 */
export function Approvals() {
  useFreshApprovals();
  const items = useApprovals();
  const { later, asked } = useAside();
  const box = useRef<HTMLElement>(null);
  const n = items.length;
  const some = n > 0;
  useCommand('policies.ask', showApprovals, some);
  // Keys go where the person asked for them, once the box is there.
  useEffect(() => {
    if (asked > 0 && some && !later) box.current?.focus();
  }, [asked, later, some]);
  useEffect(() => {
    if (!some) useAside.setState({ later: false, asked: 0 });
  }, [some]);
  const first = items[0];
  if (!first || later) return null;
  return (
    <section
      ref={box}
      className={classes.box}
      role="dialog"
      aria-label={t('policies.approvals.title', { n })}
      data-scope="approvals"
      data-pane="approvals"
      data-pane-focus
      tabIndex={-1}
    >
      <div className={classes.head}>
        <IconUserQuestion size={16} aria-hidden />
        <h2>
          <span role="status">{t('policies.approvals.title', { n })}</span>
        </h2>
        <ActionIcon
          aria-label={t('policies.approvals.later')}
          onClick={() => useAside.setState({ later: true })}
        >
          <IconMinus size={16} />
        </ActionIcon>
      </div>
      <Question key={first.id} item={first} />
    </section>
  );
}

function Question({ item }: { item: go.ApprovalRow }) {
  const renew = useRenewApprovals();
  const [sent, setSent] = useState(false);
  const say = (yes: boolean) => {
    if (sent) return;
    setSent(true);
    void answer(item.id, yes, renew).finally(() => setSent(false));
  };
  useCommand('policies.yes', () => say(true));
  useCommand('policies.no', () => say(false));
  useCommand('policies.later', () => useAside.setState({ later: true }));
  return (
    <>
      <p className={classes.text}>
        <strong>
          <Visible text={item.policy} />
        </strong>{' '}
        <Visible text={item.reason} />
      </p>
      <p className={classes.dim}>
        {t('policies.approvals.about', { side: item.side })}{' '}
        <Visible text={[item.model, item.host, item.actor].filter(Boolean).join(' · ')} />
      </p>
      {item.shown && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be scrolled by keyboard
        <section className={classes.shown} tabIndex={0} aria-label={t('policies.approvals.shown')}>
          <Visible text={item.shown} />
        </section>
      )}
      <Left item={item} />
      <div className={classes.answers}>
        <Button
          size="compact-md"
          disabled={sent}
          rightSection={<KeyCaps keys="Y" />}
          onClick={() => say(true)}
        >
          {t('policies.approvals.yes')}
        </Button>
        <Button
          size="compact-md"
          variant="default"
          disabled={sent}
          rightSection={<KeyCaps keys="N" />}
          onClick={() => say(false)}
        >
          {t('policies.approvals.no')}
        </Button>
      </div>
    </>
  );
}

// How long there is to answer, and what becomes of it then.
function Left({ item }: { item: go.ApprovalRow }) {
  const [until] = useState(() => Date.now() + item.left_ms);
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 500);
    return () => clearInterval(timer);
  }, []);
  const left = Math.max(0, until - now);
  const n = Math.ceil(left / 1000);
  return (
    <>
      <Progress
        size="sm"
        value={item.of_ms > 0 ? Math.min(100, (100 * left) / item.of_ms) : 0}
        aria-label={t('policies.approvals.time')}
      />
      <p className={classes.dim}>
        {item.passes ? t('policies.approvals.passes', { n }) : t('policies.approvals.stops', { n })}
      </p>
    </>
  );
}
