import { ActionIcon, Button, Menu, Modal, TextInput } from '@mantine/core';
import {
  IconDots,
  IconFlask,
  IconPencil,
  IconPlayerPlay,
  IconStar,
  IconStarFilled,
  IconTrash,
} from '@tabler/icons-react';
import { useState } from 'react';
import type { go } from '../../api';
import { useNav } from '../../frame/nav';
import { EmptyState, Loading } from '../../frame/ui';
import { t } from '../../i18n';
import { formatDuration, formatMoney, formatNumber } from '../../i18n/format';
import { Visible } from '../../theme/Visible';
import frame from '../inventory/inventory.module.css';
import { Failed, Scrolls, When } from '../inventory/parts';
import { openRun, removeRun, rename, star } from './acts';
import { VerdictBar } from './parts';
import { useRenewRuns, useRuns } from './queries';
import { ResumeButton } from './Resume';
import classes from './Runs.module.css';
import shared from './tests.module.css';
import { doneOf, stateWord } from './words';

/** Runs are the runs of the project, newest first. */
export function Runs() {
  const { data, error, refetch } = useRuns();
  const [removing, setRemoving] = useState<go.RunRow>();
  const [naming, setNaming] = useState<go.RunRow>();
  const renew = useRenewRuns();
  if (error) {
    return <Failed error={error} onRetry={() => void refetch()} />;
  }
  if (!data) return <Loading rows={8} />;
  if (data.runs.length === 0) {
    return (
      <EmptyState
        icon={<IconFlask size={40} />}
        title={t('tests.runs.none')}
        text={t('tests.runs.noneText')}
        actions={
          <Button onClick={() => useNav.getState().go('tests', { tab: 'plan' })}>
            {t('tests.runs.begin')}
          </Button>
        }
      />
    );
  }
  return (
    <Scrolls label={t('tests.runs.list')} pane="tests-runs" className={shared.scroller}>
      <table className={classes.table}>
        <thead>
          <tr>
            <th scope="col" aria-label={t('tests.runs.star')} />
            <th scope="col">{t('tests.runs.name')}</th>
            <th scope="col">{t('tests.runs.state')}</th>
            <th scope="col">{t('tests.runs.verdicts')}</th>
            <th scope="col" data-end>
              {t('tests.runs.vulnerable')}
            </th>
            <th scope="col" data-end>
              {t('tests.runs.duration')}
            </th>
            <th scope="col" data-end>
              {t('tests.runs.cost')}
            </th>
            <th scope="col" data-end>
              {t('tests.runs.begun')}
            </th>
            <th scope="col" aria-label={t('tests.runs.acts')} />
          </tr>
        </thead>
        <tbody>
          {data.runs.map((run) => (
            <RunLine
              key={run.id}
              run={run}
              onRemove={() => setRemoving(run)}
              onRename={() => setNaming(run)}
              renew={renew}
            />
          ))}
        </tbody>
      </table>
      {naming && <Naming run={naming} onClose={() => setNaming(undefined)} />}
      {removing && <Removing run={removing} onClose={() => setRemoving(undefined)} />}
    </Scrolls>
  );
}

interface RunLineProps {
  run: go.RunRow;
  onRemove(): void;
  onRename(): void;
  renew(): void;
}

function RunLine({ run, onRemove, onRename, renew }: RunLineProps) {
  const { tally } = run;
  const Star = run.starred ? IconStarFilled : IconStar;
  const starWord = t(run.starred ? 'tests.runs.unstar' : 'tests.runs.makeStar', { name: run.name });
  return (
    <tr>
      <td>
        <ActionIcon
          variant="subtle"
          aria-pressed={run.starred}
          aria-label={starWord}
          title={starWord}
          onClick={() => void star(run.id, !run.starred, renew)}
        >
          <Star size={15} />
        </ActionIcon>
      </td>
      <th scope="row">
        <button type="button" className={frame.link} title={run.name} onClick={() => openRun(run.id)}>
          <Visible text={run.name} />
        </button>
        <div className={frame.dim}>
          <Visible text={t('tests.runs.number', { id: run.id, targets: run.targets.join(', ') })} />
        </div>
      </th>
      <td>
        <span className={shared.state} data-state={run.state} title={run.why || undefined}>
          {stateWord(run.state)}
        </span>
      </td>
      <td className={classes.barCell}>
        <VerdictBar counts={tally.counts} />
        <div className={frame.dim}>{t('tests.run.progress', { done: doneOf(tally), all: tally.cases })}</div>
      </td>
      <td data-end>
        {tally.counts.vulnerable > 0 ? (
          <button
            type="button"
            className={frame.link}
            onClick={() => openRun(run.id, { verdicts: ['vulnerable'] })}
          >
            {formatNumber(tally.counts.vulnerable)}
          </button>
        ) : (
          0
        )}
      </td>
      <td data-end>{formatDuration(run.spent_ms)}</td>
      <td data-end>{costOf(tally)}</td>
      <td data-end>
        <When at={run.created} />
      </td>
      <td>
        <div className={shared.row}>
          {run.state !== 'done' && !run.here && tally.counts.pending > 0 && (
            <ResumeButton run={run} compact />
          )}
          <Menu position="bottom-end">
            <Menu.Target>
              <ActionIcon variant="subtle" aria-label={t('tests.runs.menu', { name: run.name })}>
                <IconDots size={16} />
              </ActionIcon>
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Item leftSection={<IconPlayerPlay size={14} />} onClick={() => openRun(run.id)}>
                {t('tests.runs.open')}
              </Menu.Item>
              <Menu.Item leftSection={<IconPencil size={14} />} onClick={onRename}>
                {t('tests.runs.rename')}
              </Menu.Item>
              <Menu.Item
                leftSection={<IconTrash size={14} />}
                c="var(--as-bad)"
                disabled={run.here && run.state === 'running'}
                onClick={onRemove}
              >
                {t('tests.runs.remove')}
              </Menu.Item>
            </Menu.Dropdown>
          </Menu>
        </div>
      </td>
    </tr>
  );
}

/** costOf is what a run cost, as far as prices are known. */
export function costOf({ usd, unpriced, requests }: go.RunTally): string {
  if (requests > 0 && unpriced === requests) return t('tests.forecast.unpriced');
  return formatMoney(usd);
}

function Naming({ run, onClose }: { run: go.RunRow; onClose(): void }) {
  const [name, setName] = useState(run.name);
  const renew = useRenewRuns();
  return (
    <Modal opened onClose={onClose} title={t('tests.runs.renameTitle')}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          onClose();
          void rename(run.id, name.trim(), renew);
        }}
      >
        <TextInput
          data-autofocus
          label={t('tests.plan.name')}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <div className={shared.dialogEnd}>
          <Button variant="default" onClick={onClose}>
            {t('tests.cancel')}
          </Button>
          <Button type="submit" disabled={name.trim() === ''}>
            {t('tests.runs.rename')}
          </Button>
        </div>
      </form>
    </Modal>
  );
}

// A run that is forgotten cannot be brought back: this is asked.
function Removing({ run, onClose }: { run: go.RunRow; onClose(): void }) {
  const renew = useRenewRuns();
  return (
    <Modal opened onClose={onClose} title={t('tests.runs.removeTitle')}>
      <p className={frame.paragraph}>
        <Visible text={t('tests.runs.removeText', { name: run.name, n: run.tally.cases })} />
      </p>
      <div className={shared.dialogEnd}>
        <Button variant="default" data-autofocus onClick={onClose}>
          {t('tests.cancel')}
        </Button>
        <Button
          color="red"
          onClick={() => {
            onClose();
            void removeRun(run, renew);
          }}
        >
          {t('tests.runs.remove')}
        </Button>
      </div>
    </Modal>
  );
}
