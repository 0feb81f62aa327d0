import { Button } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconCheck, IconFlask, IconX } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useEffect, useRef, useState } from 'react';
import { api, type go } from '../../api';
import { notifyDone, notifyError } from '../../frame/notify';
import { Copy, Loading } from '../../frame/ui';
import { t } from '../../i18n';
import { Visible } from '../../theme/Visible';
import frame from '../inventory/inventory.module.css';
import { Faults } from './Faults';
import { useRenewLibrary } from './queries';
import classes from './TemplateText.module.css';
import shared from './tests.module.css';
import { verdictWord } from './words';
import type { YamlHandle } from './YamlEditor';

const YamlEditor = lazy(() => import('./YamlEditor'));

const none: go.TemplateFault[] = [];

interface TemplateTextProps {
  file: string;
  text: string;
  own: boolean;
}

/** TemplateText is the file of a template: read where it comes with the program, written where it is one's own. */
export function TemplateText({ file, text, own }: TemplateTextProps) {
  const [draft, setDraft] = useState(text);
  const [base, setBase] = useState(text);
  const [asked] = useDebouncedValue(draft, 300);
  const editor = useRef<YamlHandle | null>(null);
  const renew = useRenewLibrary();
  const changed = own && draft !== base;
  // The file was changed by another program: what a person writes here stays, where they wrote something.
  useEffect(() => {
    setDraft((now) => (now === base ? text : now));
    setBase((now) => (changed ? now : text));
  }, [text, base, changed]);
  const check = useQuery({
    queryKey: ['tests', 'check', file, asked],
    queryFn: () => api.tests.Check({ file, text: asked }),
    enabled: own,
  });
  const faults = check.data?.problems ?? none;
  const save = async () => {
    try {
      const { problems } = await api.tests.Save({ file, text: draft });
      setBase(draft);
      notifyDone(
        problems.length > 0 ? t('tests.own.savedBroken', { n: problems.length }) : t('tests.own.saved'),
      );
      renew();
    } catch (reason) {
      notifyError(reason);
    }
  };
  return (
    <div className={classes.textPane}>
      <div className={classes.textBar}>
        <span className={frame.dim}>
          {own ? t('tests.own.file', { file }) : t('tests.library.readOnly', { file })}
        </span>
        <span className={shared.space} />
        <Copy text={draft} title={t('tests.library.copyText')} />
        {own && (
          <Button size="compact-sm" disabled={!changed} onClick={() => void save()}>
            {t('tests.own.save')}
          </Button>
        )}
      </div>
      {text !== base && changed && (
        <p className={frame.note} data-warn role="alert">
          {t('tests.own.outside')}{' '}
          <button
            type="button"
            className={frame.link}
            onClick={() => {
              setDraft(text);
              setBase(text);
            }}
          >
            {t('tests.own.takeOutside')}
          </button>
        </p>
      )}
      <div className={classes.editor}>
        <Suspense fallback={<Loading rows={6} />}>
          <YamlEditor
            handle={editor}
            text={draft}
            label={t('tests.library.yaml')}
            readOnly={!own}
            faults={faults}
            onChange={setDraft}
          />
        </Suspense>
      </div>
      <Faults faults={faults} onGo={(fault) => editor.current?.show(fault.line, fault.column)} />
      <Examples file={file} text={draft} />
    </div>
  );
}

/** Examples judges the samples of a template and shows which of them it gets right. */
function Examples({ file, text }: { file: string; text: string }) {
  const [out, setOut] = useState<go.ExamplesOut>();
  const [busy, setBusy] = useState(false);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what was proved is about the text as it was
  useEffect(() => setOut(undefined), [text, file]);
  const prove = async () => {
    setBusy(true);
    try {
      setOut(await api.tests.Examples({ file, text }));
    } catch (reason) {
      notifyError(reason);
    }
    setBusy(false);
  };
  const right = out?.examples.filter(({ correct }) => correct).length ?? 0;
  return (
    <section className={classes.examples} aria-label={t('tests.examples.title')}>
      <Button
        size="compact-sm"
        variant="default"
        loading={busy}
        leftSection={<IconFlask size={14} />}
        onClick={() => void prove()}
      >
        {t('tests.examples.run')}
      </Button>
      {out && out.problems.length > 0 && <span>{t('tests.examples.broken')}</span>}
      {out && out.problems.length === 0 && (
        <span role="status">{t('tests.examples.sum', { right, n: out.examples.length })}</span>
      )}
      {out && out.examples.length > 0 && (
        <ul className={frame.reasons}>
          {out.examples.map((each, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: in the order of the file
            <li key={at} data-ok={each.correct}>
              {each.correct ? <IconCheck size={14} aria-hidden /> : <IconX size={14} aria-hidden />}
              <span>
                {each.correct
                  ? t('tests.examples.right', { verdict: verdictWord(each.found) })
                  : t('tests.examples.wrong', {
                      wanted: verdictWord(each.wanted),
                      found: verdictWord(each.found),
                    })}{' '}
                <Visible text={each.why || each.answer} className={frame.dim ?? ''} />
                {!each.correct && (
                  <>
                    {' '}
                    <Visible text={each.reason} />
                  </>
                )}
              </span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
