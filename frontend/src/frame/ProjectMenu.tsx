import { Menu, Text, UnstyledButton } from '@mantine/core';
import { IconChevronDown, IconFileImport, IconFilePlus, IconFolderOpen, IconLock } from '@tabler/icons-react';
import { useState } from 'react';
import { t } from '../i18n';
import { Visible } from '../theme/Visible';
import classes from './frame.module.css';
import { useNav } from './nav';
import { useProjects, useRecentProjects } from './project';
import { useSession } from './session';

/** ProjectMenu names the open project and offers others. */
export function ProjectMenu() {
  const [opened, setOpened] = useState(false);
  const project = useSession().data?.project;
  const projects = useProjects();
  const others = useRecentProjects(opened).data?.projects.filter(({ path }) => path !== project?.path) ?? [];
  const go = useNav((nav) => nav.go);
  return (
    <Menu opened={opened} onChange={setOpened} width={320}>
      <Menu.Target>
        <UnstyledButton
          className={classes.project}
          aria-label={t('frame.project.menu')}
          disabled={projects.busy}
        >
          {project?.read_only && <IconLock size={14} aria-hidden />}
          <span className={classes.projectName}>
            {project?.open ? <Visible text={project.name} /> : t('frame.project.none')}
          </span>
          <IconChevronDown size={14} aria-hidden />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        {project?.open && (
          <Menu.Label className={classes.path ?? ''}>
            <Visible text={project.path} />
          </Menu.Label>
        )}
        <Menu.Item leftSection={<IconFolderOpen size={16} />} onClick={projects.choose}>
          {t('frame.project.open')}
        </Menu.Item>
        <Menu.Item leftSection={<IconFilePlus size={16} />} onClick={projects.create}>
          {t('frame.project.create')}
        </Menu.Item>
        <Menu.Item
          leftSection={<IconFileImport size={16} />}
          onClick={() => go('setup', { section: 'import' })}
        >
          {t('frame.project.import')}
        </Menu.Item>
        {others.length > 0 && <Menu.Divider />}
        {others.length > 0 && <Menu.Label>{t('frame.project.recent')}</Menu.Label>}
        {others.slice(0, 8).map(({ path, name }) => (
          <Menu.Item key={path} onClick={() => projects.open(path)} title={path}>
            <Visible text={name} />
            <Text component="div" size="xs" c="dimmed" className={classes.path ?? ''}>
              <Visible text={path} />
            </Text>
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
