import { Button, Group, Modal, SegmentedControl, UnstyledButton } from '@mantine/core';
import {
  IconChevronDown,
  IconChevronRight,
  IconCircleCheck,
  IconCircleX,
  IconHelpCircle,
  type TablerIcon,
} from '@tabler/icons-react';
import { useId, useState } from 'react';
import { api, type go } from '../../api';
import { notifyDone } from '../../frame/notify';
import { useSession } from '../../frame/session';
import { EmptyState } from '../../frame/ui';
import { t } from '../../i18n';
import { Visible } from '../../theme/Visible';
import { tried } from '../actions/act';
import { Severity } from '../findings/parts';
import { Chip } from '../inventory/parts';
import { actionText, actionWord } from '../policies/words';
import { Answered, Evidence } from './parts';
import { useRenewHome, useRequirements, useWritable } from './queries';
import classes from './Requirements.module.css';
import { useHome } from './store';
import { requirementWord, short } from './words';

const order = ['fail', 'unknown', 'pass'] as const;

/** Requirements are what has to hold, and whether it does. */
export function Requirements() {
  const requirements = useRequirements();
  const state = useHome((home) => home.state);
  return (
    <Answered query={requirements} rows={14}>
      {({ items }) => {
        if (items.length === 0) {
          return <EmptyState title={t('home.requirements.empty')} text={t('home.requirements.emptyText')} />;
        }
        const count = (each: string) => items.filter((one) => one.state === each).length;
        return (
          <div className={classes.requirements}>
            <p className={classes.intro}>{t('home.requirements.intro')}</p>
            <div className={classes.chips}>
              {order
                .filter((each) => count(each) > 0)
                .map((each) => (
                  <Chip
                    key={each}
                    label={requirementWord(each)}
                    n={count(each)}
                    pressed={state === each}
                    onPress={() => useHome.setState({ state: state === each ? '' : each })}
                  />
                ))}
            </div>
            <ul className={classes.list}>
              {items
                .filter((one) => state === '' || one.state === state)
                .map((one) => (
                  <Requirement key={one.id} requirement={one} />
                ))}
            </ul>
          </div>
        );
      }}
    </Answered>
  );
}

const icons: Record<string, TablerIcon> = {
  pass: IconCircleCheck,
  fail: IconCircleX,
  unknown: IconHelpCircle,
};

function Holds({ state }: { state: string }) {
  const Icon = icons[state] ?? IconHelpCircle;
  return (
    <span className={classes.state} data-state={state}>
      <Icon size={16} aria-hidden /> {requirementWord(state)}
    </span>
  );
}

function Requirement({ requirement }: { requirement: go.HomeRequirement }) {
  const { id, name, state, severity, what, enforced } = requirement;
  const open = useHome((home) => home.requirement) === id;
  const panel = useId();
  const Icon = open ? IconChevronDown : IconChevronRight;
  return (
    <li className={classes.item}>
      <UnstyledButton
        className={classes.row ?? ''}
        aria-expanded={open}
        aria-controls={open ? panel : undefined}
        onClick={() => useHome.setState({ requirement: open ? '' : id })}
      >
        <Icon size={16} aria-hidden className={classes.chevron} />
        <Holds state={state} />
        <span className={classes.words}>
          <span className={classes.name}>
            <Visible text={name} />
          </span>
          <span className={classes.what}>
            <Visible text={what} />
          </span>
        </span>
        <span className={classes.end}>
          {enforced && <span className={classes.tag}>{t('home.requirements.enforcedTag')}</span>}
          <Severity severity={severity} />
        </span>
      </UnstyledButton>
      {open && (
        <div id={panel} className={classes.panel}>
          <More requirement={requirement} />
        </div>
      )}
    </li>
  );
}

function More({ requirement }: { requirement: go.HomeRequirement }) {
  const { id, why, what, fix, refs, of, failing, owasp, enforced, state } = requirement;
  return (
    <dl className={classes.facts}>
      <dt>{t('home.requirements.why')}</dt>
      <dd>
        <Visible text={why} />
        {owasp.length > 0 && <span className={classes.owasp}> {owasp.map(short).join(', ')}</span>}
      </dd>
      <dt>{t('home.requirements.seen')}</dt>
      <dd>
        {of > 0 && t('home.requirements.of', { of, failing })}
        {of === 0 && (state === 'fail' ? <Visible text={what} /> : t('home.requirements.nothing'))}
      </dd>
      {refs.length > 0 && (
        <>
          <dt>{t('home.requirements.evidence')}</dt>
          <dd className={classes.refs}>
            {refs.map(({ ref, name }) => (
              <Evidence key={ref} evidence={ref} label={name} />
            ))}
            {failing > refs.length && <span>{t('home.more', { n: failing - refs.length })}</span>}
          </dd>
        </>
      )}
      {fix && (
        <>
          <dt>{state === 'pass' ? t('home.requirements.keep') : t('home.requirements.fix')}</dt>
          <dd>
            <Visible text={fix} />
          </dd>
        </>
      )}
      <dt>{t('home.requirements.check')}</dt>
      <dd>
        <code>assay requirements check {id}</code>
      </dd>
      <dt>{t('home.requirements.guard')}</dt>
      <dd className={classes.guard}>
        {enforced && <Evidence evidence={policyOf(enforced)} label={enforced} />}
        <Enforce requirement={requirement} />
      </dd>
    </dl>
  );
}

// What holds it is said as "policy 3: redact".
const policyOf = (enforced: string) => `policy:${/^policy (\d+)/.exec(enforced)?.[1] ?? ''}`;

// What the guard can do with what breaks a requirement, the mildest first.
const acts = ['monitor', 'redact', 'approve', 'block'] as const;

// Enforcing adds a policy of the guard: it is asked for once, and says what happens.
function Enforce({ requirement: { id, name, can_hold } }: { requirement: go.HomeRequirement }) {
  const [asking, setAsking] = useState(false);
  const [action, setAction] = useState<string>('monitor');
  const label = useId();
  const writable = useWritable();
  const mode = useSession().data?.guard.mode ?? 'off';
  const renew = useRenewHome();
  if (!can_hold) return <span>{t('home.requirements.cannot')}</span>;
  const enforce = () => {
    setAsking(false);
    void tried(async () => {
      const made = await api.home.Enforce({ id, action });
      await renew();
      notifyDone(t('home.requirements.enforced', { name: made.name, mode }));
    });
  };
  return (
    <>
      <Button size="compact-sm" variant="default" disabled={!writable} onClick={() => setAsking(true)}>
        {t('home.requirements.enforce')}
      </Button>
      {asking && (
        <Modal opened onClose={() => setAsking(false)} title={t('home.requirements.ask')}>
          <p className={classes.ask}>
            <Visible text={name} />
          </p>
          <p id={label} className={classes.ask}>
            {t('home.requirements.action')}
          </p>
          <SegmentedControl
            aria-labelledby={label}
            data={acts.map((value) => ({ value, label: actionWord(value) }))}
            value={action}
            onChange={setAction}
          />
          <p className={classes.ask}>{actionText(action)}</p>
          <p className={classes.ask}>{t('home.requirements.askText', { mode })}</p>
          <Group justify="flex-end" mt="md" gap="xs">
            <Button variant="default" data-autofocus onClick={() => setAsking(false)}>
              {t('home.requirements.no')}
            </Button>
            <Button onClick={enforce}>{t('home.requirements.yes')}</Button>
          </Group>
        </Modal>
      )}
    </>
  );
}
