import { Accordion, Badge, Select, Text } from '@mantine/core';
import { IconPuzzle } from '@tabler/icons-react';
import { useState } from 'react';
import type { go } from '../../api';
import { t } from '../../i18n';
import { useAppearance } from '../../theme/appearance';
import { Code } from './Code';
import classes from './setup.module.css';
import { Tile } from './Tile';

/** Tools shows the exact variables for each program found here, and base URLs for SDKs. */
export function Tools({ found, listen }: { found: go.Found; listen: string }) {
  const still = useAppearance((appearance) => appearance.reduceMotion); // nothing would end its transition
  return (
    <Tile
      icon={<IconPuzzle size={20} />}
      title={t('setup.tools.title')}
      text={listen ? t('setup.tools.text') : t('setup.tools.off')}
      section="tools"
    >
      {listen && <Bases bases={found.bases} />}
      {listen && found.tools.length > 0 && (
        <Accordion
          variant="default"
          chevronPosition="left"
          {...(still ? { transitionDuration: 0 } : {})}
          classNames={{ root: classes.tools ?? '', content: classes.panel ?? '' }}
        >
          {found.tools.map((tool) => (
            <Accordion.Item key={tool.name} value={tool.name}>
              <Accordion.Control>
                {tool.name}{' '}
                <Text component="span" size="xs" c="dimmed">
                  {tool.command}
                </Text>
              </Accordion.Control>
              <Accordion.Panel>
                {tool.note && (
                  <Text size="sm" c="dimmed" mb="xs">
                    {tool.note}
                  </Text>
                )}
                {tool.variables.map((one) => (
                  <Variable key={one.name} one={one} />
                ))}
              </Accordion.Panel>
            </Accordion.Item>
          ))}
        </Accordion>
      )}
    </Tile>
  );
}

function Variable({ one }: { one: go.ToolVariable }) {
  const tested = one.proof.startsWith('test');
  return (
    <div className={classes.variable}>
      <Code wrap text={`${one.name}=${one.value}`} label={t('setup.tools.copy', { name: one.name })} />
      <Badge size="xs" variant="default" title={one.proof}>
        {tested ? t('setup.tools.tested') : t('setup.tools.untested')}
      </Badge>
    </div>
  );
}

function Bases({ bases }: { bases: go.BaseURL[] }) {
  const [provider, setProvider] = useState('openai');
  const url = bases.find((one) => one.provider === provider)?.url ?? '';
  return (
    <>
      <Select
        label={t('setup.tools.base')}
        description={t('setup.tools.baseText')}
        data={bases.map((one) => one.provider)}
        value={provider}
        onChange={(value) => value && setProvider(value)}
        allowDeselect={false}
        searchable
        size="xs"
      />
      {url && <Code text={url} label={t('setup.tools.copyBase')} />}
    </>
  );
}
