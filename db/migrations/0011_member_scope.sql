-- How far a member sees: the whole campaign, or their branch of the snowflake. Leaders and canvassers see their branch;
-- owners, directors and clerks work for the campaign; an organizer or a viewer may be held to their branch.

alter table member add column held_to_branch boolean not null default false;
alter table member add constraint member_scope_ck check (not held_to_branch or role not in ('owner', 'director', 'clerk'));
