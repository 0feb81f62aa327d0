import { Button, Tabs } from '@mantine/core';
import { IconCopy, IconListCheck, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import type { go } from '../../api';
import { Loading } from '../../frame/ui';
import { t } from '../../i18n';
import { Visible } from '../../theme/Visible';
import detailClasses from '../inventory/Detail.module.css';
import frame from '../inventory/inventory.module.css';
import { Fact, Failed, Nothing, Scrolls, Section, When, Words } from '../inventory/parts';
import screenClasses from '../inventory/Screen.module.css';
import { discard, openRun, planFor } from './acts';
import { CopyDialog } from './CopyDialog';
import { DetailHead } from './DetailHead';
import { Severity, spokenCounts, VerdictBar } from './parts';
import { useRenewLibrary, useTemplate } from './queries';
import { useTests } from './store';
import classes from './TemplateDetail.module.css';
import { TemplateText } from './TemplateText';
import shared from './tests.module.css';
import { levelWord, mutationWord, slotWord } from './words';

/** TemplateDetail is all about one template. */
export function TemplateDetail({ id, onClose }: { id: string; onClose(): void }) {
  const { data, error, refetch } = useTemplate(id);
  const [copying, setCopying] = useState(false);
  const renew = useRenewLibrary();
  if (error) {
    return <Failed error={error} onRetry={() => void refetch()} />;
  }
  if (!data || data.row.id !== id) return <Loading rows={8} />;
  const { row } = data;
  const remove = () => {
    useTests.setState({ template: '' });
    void discard(data.file, renew);
  };
  return (
    <article className={detailClasses.detail} data-pane="tests-template" aria-label={row.name}>
      <DetailHead
        title={row.name}
        sub={
          <>
            <Severity severity={row.severity} /> <span className={frame.mono}>{row.id}</span>
          </>
        }
        onClose={onClose}
      >
        <Button size="compact-sm" leftSection={<IconListCheck size={14} />} onClick={() => planFor([row.id])}>
          {t('tests.library.plan')}
        </Button>
        <Button
          size="compact-sm"
          variant="default"
          leftSection={<IconCopy size={14} />}
          onClick={() => setCopying(true)}
        >
          {t('tests.own.copy')}
        </Button>
        {row.own && (
          <Button size="compact-sm" variant="default" leftSection={<IconTrash size={14} />} onClick={remove}>
            {t('tests.own.discard')}
          </Button>
        )}
      </DetailHead>
      <Tabs defaultValue="about" keepMounted={false} className={screenClasses.tabs ?? ''}>
        <Tabs.List aria-label={t('tests.library.parts')}>
          <Tabs.Tab value="about">{t('tests.library.about')}</Tabs.Tab>
          <Tabs.Tab value="text">{t('tests.library.yaml')}</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="about" className={screenClasses.panel ?? ''}>
          <Scrolls label={t('tests.library.about')} className={detailClasses.detailBody}>
            <About template={data} />
          </Scrolls>
        </Tabs.Panel>
        <Tabs.Panel value="text" className={screenClasses.panel ?? ''}>
          <TemplateText file={data.file} text={data.text} own={row.own} />
        </Tabs.Panel>
      </Tabs>
      {copying && <CopyDialog from={row.id} onClose={() => setCopying(false)} />}
    </article>
  );
}

function About({ template }: { template: go.TemplateOut }) {
  const { row, description, frameworks, needs, payloads, results } = template;
  return (
    <>
      <p className={frame.paragraph}>
        <Visible text={description} />
      </p>
      <Section title={t('tests.library.facts')}>
        <dl className={frame.facts}>
          {frameworks.map(({ id, title }) => (
            <Fact key={id} name={id}>
              <Visible text={title} />
            </Fact>
          ))}
          <Fact name={t('tests.fact.kinds')}>
            <Words words={row.kinds} />
          </Fact>
          <Fact name={t('tests.fact.level')}>{levelWord(row.level)}</Fact>
          <Fact name={t('tests.fact.slot')}>{slotWord(template.slot)}</Fact>
          {needs.map(({ id, title }) => (
            <Fact key={id} name={t('tests.fact.needs', { need: id })}>
              {title}
            </Fact>
          ))}
          {template.suites.length > 0 && (
            <Fact name={t('tests.fact.suites')}>
              <Words words={template.suites} />
            </Fact>
          )}
          <Fact name={t('tests.fact.sends')}>
            {t('tests.fact.size', { cases: row.cases, trials: template.trials })}
          </Fact>
          {template.mutations.length > 0 && (
            <Fact name={t('tests.fact.mutations')}>
              <Words words={template.mutations.map(mutationWord)} />
            </Fact>
          )}
          <Fact name={t('tests.fact.signals')}>
            <Words words={template.signals} />
          </Fact>
        </dl>
      </Section>
      <Texts title={t('tests.library.prompts')} texts={template.prompts} />
      <Texts title={t('tests.library.turns')} texts={template.turns} />
      {payloads.map(({ name, values }) => (
        <Texts key={name} title={`{{${name}}}`} texts={values} />
      ))}
      {template.requests.length > 0 && (
        <Section title={t('tests.library.requests')} n={template.requests.length}>
          <Words words={template.requests} />
        </Section>
      )}
      <Section title={t('tests.library.detect')}>
        <pre className={shared.code}>
          <Visible text={template.detect} />
        </pre>
      </Section>
      <Section title={t('tests.library.fix')}>
        <p className={frame.paragraph}>
          <Visible text={template.remediation} />
        </p>
      </Section>
      {template.references.length > 0 && (
        <Section title={t('tests.library.references')}>
          <ul className={frame.bullets}>
            {template.references.map((each) => (
              <li key={each}>
                <Visible text={each} />
              </li>
            ))}
          </ul>
        </Section>
      )}
      <Section title={t('tests.library.results')} n={results.length}>
        {results.length === 0 && <Nothing>{t('tests.library.noResults')}</Nothing>}
        <ul className={frame.links}>
          {results.map((each) => (
            <li key={each.run} className={classes.result}>
              <button type="button" className={frame.link} onClick={() => openRun(each.run)}>
                <Visible text={each.name} />
              </button>
              <VerdictBar counts={each.counts} />
              <span>{spokenCounts(each.counts)}</span>
              <span className={frame.dim}>
                <When at={each.at} />
              </span>
            </li>
          ))}
        </ul>
      </Section>
    </>
  );
}

const FIRST = 4;

/** Texts are prompts or payloads, the first few of them. */
function Texts({ title, texts }: { title: string; texts: string[] }) {
  const [all, setAll] = useState(false);
  if (texts.length === 0) return null;
  const shown = all ? texts : texts.slice(0, FIRST);
  return (
    <Section title={title} n={texts.length}>
      <ol className={classes.texts}>
        {shown.map((text, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: texts in the order of the file
          <li key={at}>
            <Visible text={text} />
          </li>
        ))}
      </ol>
      {texts.length > FIRST && (
        <button type="button" className={frame.link} onClick={() => setAll(!all)}>
          {all ? t('tests.less') : t('tests.more', { n: texts.length - FIRST })}
        </button>
      )}
    </Section>
  );
}
