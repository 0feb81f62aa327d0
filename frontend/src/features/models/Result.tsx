import { Alert, Button, Group, Loader } from '@mantine/core';
import { IconAlertTriangle, IconCheck, IconFlask, IconInfoCircle } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import type { go } from '../../api';
import { ErrorState } from '../../frame/ui';
import { t } from '../../i18n';
import { formatDuration, formatNumber } from '../../i18n/format';
import { Visible } from '../../theme/Visible';
import base from '../inventory/inventory.module.css';
import { Fact, Scrolls } from '../inventory/parts';
import { cancel, chooseAnswer, openModel, submit, testModel } from './acts';
import classes from './models.module.css';
import { Talk } from './parts';
import { useRenewModels } from './queries';
import { useModelsScreen } from './store';
import { failureWord, keyWord } from './words';

/** Result is what came of an import: the answer as chat, or why there is none and what to do. */
export function Result() {
  const outcome = useModelsScreen((state) => state.outcome);
  const renew = useRenewModels();
  const said = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (outcome) said.current?.scrollIntoView({ block: 'nearest' }); // below the form where it is narrow
  }, [outcome]);
  return (
    <Scrolls className={classes.result} label={t('models.result.label')} pane="models-result">
      <div aria-live="polite" ref={said}>
        {outcome === null && (
          <Alert icon={<IconInfoCircle size={18} />} color="blue" title={t('models.result.before')}>
            {t('models.result.beforeText')}
          </Alert>
        )}
        {outcome && !outcome.result && !outcome.error && <Waiting />}
        {outcome?.error !== undefined && <ErrorState error={outcome.error} />}
        {outcome?.result && (
          <Came
            result={outcome.result}
            onAgain={() => void submit(renew)}
            onChoose={(candidate) => outcome.result && void chooseAnswer(outcome.result, candidate, renew)}
          >
            {outcome.result.id && <Next id={outcome.result.id} />}
          </Came>
        )}
      </div>
    </Scrolls>
  );
}

function Waiting() {
  const [seconds, setSeconds] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => setSeconds((now) => now + 1), 1000);
    return () => clearInterval(timer);
  }, []);
  return (
    <Group role="status">
      <Loader size={20} />
      <span>{seconds > 1 ? t('models.result.waitingFor', { n: seconds }) : t('models.result.waiting')}</span>
      <Button size="compact-sm" variant="default" onClick={() => void cancel()}>
        {t('models.result.cancel')}
      </Button>
    </Group>
  );
}

function Next({ id }: { id: string }) {
  return (
    <Group gap="xs">
      <Button leftSection={<IconFlask size={16} />} onClick={() => testModel(id)}>
        {t('models.test')}
      </Button>
      <Button variant="default" onClick={() => openModel(id)}>
        {t('models.result.show')}
      </Button>
      <Button variant="default" onClick={() => useModelsScreen.setState({ outcome: null })}>
        {t('models.result.another')}
      </Button>
    </Group>
  );
}

interface CameProps {
  result: go.ModelResult;
  onAgain?: (() => void) | undefined;
  onChoose?: ((candidate: go.ModelCandidate) => void) | undefined;
  children?: React.ReactNode;
}

/** Came is a result: why there is no answer, or the answer. */
export function Came({ result, onAgain, onChoose, children }: CameProps) {
  return (
    <div className={classes.came}>
      {result.status === 'failed' ? <Failed result={result} onAgain={onAgain} /> : <Fine result={result} />}
      {result.status === 'ok' && <Talk prompt={result.prompt} answer={result.answer} />}
      {result.candidates.length > 0 && onChoose && <Candidates result={result} onChoose={onChoose} />}
      {children}
      {result.status !== 'failed' && <Facts result={result} />}
    </div>
  );
}

function Failed({ result, onAgain }: { result: go.ModelResult; onAgain?: (() => void) | undefined }) {
  const [wait, setWait] = useState(Math.ceil(result.retry_after_s));
  useEffect(() => {
    if (wait <= 0) return;
    const timer = setTimeout(() => setWait(wait - 1), 1000);
    return () => clearTimeout(timer);
  }, [wait]);
  return (
    <Alert
      color="red"
      icon={<IconAlertTriangle size={18} />}
      role="alert"
      title={<Visible text={result.error} />}
    >
      <dl className={base.facts}>
        <Fact name={t('models.result.why')}>
          {failureWord(result.code)}
          {result.http_status > 0 && ` (HTTP ${result.http_status})`}
        </Fact>
        {result.cause && (
          <Fact name={t('models.result.cause')}>
            <Visible text={result.cause} />
          </Fact>
        )}
        {result.fix && (
          <Fact name={t('models.result.fix')}>
            <strong>
              <Visible text={result.fix} />
            </strong>
          </Fact>
        )}
        <Fact name={t('models.result.sentTo')}>
          <Visible text={result.url} />
        </Fact>
      </dl>
      <Group mt="xs" gap="xs">
        {onAgain && (
          <Button size="compact-sm" variant="default" disabled={wait > 0} onClick={onAgain}>
            {wait > 0 ? t('models.result.againIn', { n: wait }) : t('models.again')}
          </Button>
        )}
        {!result.id && <span className={classes.faint}>{t('models.result.nothingKept')}</span>}
      </Group>
    </Alert>
  );
}

function Fine({ result }: { result: go.ModelResult }) {
  if (result.status === 'untried') {
    return (
      <Alert
        color="blue"
        icon={<IconInfoCircle size={18} />}
        title={t('models.result.untried', { name: result.name })}
      />
    );
  }
  return (
    <Alert
      color="green"
      icon={<IconCheck size={18} />}
      role="status"
      title={
        result.id
          ? t('models.result.imported', { name: result.name })
          : t('models.result.answered', { name: result.name })
      }
    >
      <span className={classes.figures}>
        <span>HTTP {result.http_status}</span>
        <span>{formatDuration(result.latency_ms)}</span>
        <Tokens input={result.input_tokens} output={result.output_tokens} />
        {result.requests > 1 && <span>{t('models.result.requests', { n: result.requests })}</span>}
      </span>
    </Alert>
  );
}

/** Tokens are what a question and its answer took, where the service says it. */
export function Tokens({ input, output }: { input: number; output: number }) {
  if (input < 0 && output < 0) return <span className={classes.faint}>{t('models.result.noTokens')}</span>;
  return (
    <span>
      {t('models.result.tokens', {
        input: input < 0 ? '?' : formatNumber(input),
        output: output < 0 ? '?' : formatNumber(output),
      })}
    </span>
  );
}

function Candidates({
  result,
  onChoose,
}: {
  result: go.ModelResult;
  onChoose(candidate: go.ModelCandidate): void;
}) {
  return (
    <fieldset className={classes.candidates}>
      <legend>
        {result.status === 'failed' ? t('models.result.which') : t('models.result.another_text')}
      </legend>
      {result.candidates.map((candidate) => {
        const chosen = result.status === 'ok' && candidate.pointer === result.answer_path;
        return (
          <button
            key={candidate.pointer}
            type="button"
            className={classes.candidate}
            aria-pressed={chosen}
            onClick={() => onChoose(candidate)}
          >
            <code>
              <Visible text={candidate.pointer} />
            </code>
            <span>
              <Visible text={candidate.text} />
            </span>
          </button>
        );
      })}
    </fieldset>
  );
}

function Facts({ result }: { result: go.ModelResult }) {
  return (
    <dl className={base.facts}>
      <Fact name={t('models.fact.address')}>
        <Visible text={result.url} />
      </Fact>
      {result.answered_by && result.answered_by !== result.model && (
        <Fact name={t('models.fact.answeredBy')}>
          <Visible text={result.answered_by} />
        </Fact>
      )}
      <Fact name={t('models.fact.slot')}>
        <code>
          <Visible text={result.slot} />
        </code>
      </Fact>
      {result.answer_path && (
        <Fact name={t('models.fact.answer')}>
          <code>
            <Visible text={result.answer_path} />
          </code>
        </Fact>
      )}
      <Fact name={t('models.fact.key')}>
        {result.key ? <Visible text={keyWord(result.auth, '', result.key)} /> : t('models.fact.noKey')}
      </Fact>
    </dl>
  );
}
