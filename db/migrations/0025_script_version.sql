-- Scripts in versions: each row is one version, never changed, and a knock names the one that its answers are to.

alter table script drop constraint script_name_uk;
alter table script
  add column version integer not null default 1,
  -- As it was written, in all languages: JSON form of snowfield.canvass.v1.ScriptDraft. `body` is made of it: the questions
  -- in the first language, as the wire has them.
  add column source jsonb not null default '{}',
  add column member_id bigint;
alter table script add constraint script_version_uk unique (campaign_id, name, version);
alter table script add constraint script_version_ck check (version > 0);
alter table script add constraint script_member_fk foreign key (campaign_id, member_id) references member (campaign_id, member_id);
create index script_newest on script (campaign_id, create_time desc, script_id desc);

-- Scripts from before had one language, answers by code or free text, and their asks apart. Those of all campaigns, which
-- row-level security would hide from the schema's owner.
alter table script no force row level security;
update script s set
  source = jsonb_build_object(
    'name', s.name, 'languages', '["en"]'::jsonb,
    'greeting', jsonb_build_object('en', coalesce(s.body ->> 'greeting', '')),
    'questions',
      coalesce((
        select jsonb_agg(
          case
            when coalesce(q -> 'answers', '[]') = '["1", "2", "3", "4", "5"]' then
              jsonb_build_object('kind', 'QUESTION_KIND_SCALE')
            when jsonb_array_length(coalesce(q -> 'answers', '[]')) = 0 then
              jsonb_build_object('kind', 'QUESTION_KIND_FREE_TEXT')
            else
              jsonb_build_object('kind', 'QUESTION_KIND_ONE_OF', 'answers', (
                select jsonb_agg(jsonb_build_object('code', a.code) order by a.place)
                from jsonb_array_elements_text(q -> 'answers') with ordinality a (code, place)))
          end || jsonb_build_object('code', q -> 'code', 'text', jsonb_build_object('en', q -> 'text'))
          order by place)
        from jsonb_array_elements(s.body -> 'questions') with ordinality questions (q, place)), '[]')
      || coalesce((
        select jsonb_agg(
          jsonb_build_object('code', lower(substr(ask, 10)), 'kind', 'QUESTION_KIND_ASK', 'ask', ask, 'text',
                             jsonb_build_object('en', lower(replace(substr(ask, 10), '_', ' '))))
          order by place)
        from jsonb_array_elements_text(s.body -> 'asks') with ordinality asks (ask, place)), '[]'));
alter table script force row level security;

-- What was said is never changed: a version neither. Null: the phone did not say.
alter table knock add column script_id bigint;
alter table knock add constraint knock_script_fk foreign key (campaign_id, script_id) references script (campaign_id, script_id);
create index knock_by_script on knock (campaign_id, script_id) where script_id is not null;

-- An answer that the named version does not have, or to a question that it does not have: kept, and no rule fires on it.
alter table knock_response add column off_script boolean not null default false;

revoke update, delete on script from snowfield_app;
