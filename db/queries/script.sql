-- name: install_default_script
-- A first conversation: support, what matters most, and the asks, the likeliest bond first. A test holds `body` against what
-- the server makes of `source`.
insert into script (campaign_id, name, source, body)
values ($1, 'First conversation', '{
  "name": "First conversation",
  "languages": ["en", "es"],
  "greeting": {
    "en": "Hello, I live nearby and volunteer with the campaign. Do you have two minutes?",
    "es": "Hola, vivo cerca y soy voluntario de la campaña. ¿Tiene dos minutos?"},
  "questions": [
    {"code": "support", "kind": "QUESTION_KIND_SCALE", "text": {
      "en": "Can we count on your support? 1 is a sure yes, 3 undecided, 5 a sure no.",
      "es": "¿Podemos contar con su apoyo? 1 es un sí seguro, 3 indeciso, 5 un no seguro."}},
    {"code": "issue", "kind": "QUESTION_KIND_FREE_TEXT", "text": {
      "en": "Which question matters most to you and your family?",
      "es": "¿Qué tema les importa más a usted y a su familia?"}},
    {"code": "volunteer", "kind": "QUESTION_KIND_ASK", "ask": "ASK_KIND_VOLUNTEER",
     "when": [{"question": "support", "answers": ["1", "2"]}], "text": {
      "en": "Would you join us and talk with your neighbors, as I do?",
      "es": "¿Se uniría a nosotros para hablar con sus vecinos, como yo?"}},
    {"code": "host_meeting", "kind": "QUESTION_KIND_ASK", "ask": "ASK_KIND_HOST_MEETING",
     "when": [{"question": "volunteer", "answers": ["yes", "maybe"]}], "text": {
      "en": "Would you host a meeting with a few neighbors at your home?",
      "es": "¿Recibiría en su casa a algunos vecinos para una reunión?"}},
    {"code": "yard_sign", "kind": "QUESTION_KIND_ASK", "ask": "ASK_KIND_YARD_SIGN",
     "when": [{"question": "support", "answers": ["1"]}], "text": {
      "en": "May we put up a yard sign?",
      "es": "¿Podemos poner un cartel en su jardín?"}},
    {"code": "sign_petition", "kind": "QUESTION_KIND_ASK", "ask": "ASK_KIND_SIGN_PETITION",
     "when": [{"question": "support", "answers": ["1", "2", "3"]}], "text": {
      "en": "Would you sign our petition?",
      "es": "¿Firmaría nuestra petición?"}},
    {"code": "vote_plan", "kind": "QUESTION_KIND_ASK", "ask": "ASK_KIND_VOTE_PLAN",
     "when": [{"question": "support", "answers": ["1", "2", "3"]}], "text": {
      "en": "Do you know when and how you will vote?",
      "es": "¿Ya sabe cuándo y cómo va a votar?"}}]}', '{
  "name": "First conversation",
  "greeting": "Hello, I live nearby and volunteer with the campaign. Do you have two minutes?",
  "questions": [
    {"code": "support", "kind": "QUESTION_KIND_SCALE",
     "text": "Can we count on your support? 1 is a sure yes, 3 undecided, 5 a sure no.",
     "answers": ["1", "2", "3", "4", "5"]},
    {"code": "issue", "kind": "QUESTION_KIND_FREE_TEXT", "text": "Which question matters most to you and your family?"},
    {"code": "volunteer", "kind": "QUESTION_KIND_ASK", "ask": "ASK_KIND_VOLUNTEER", "answers": ["yes", "maybe", "no"],
     "when": [{"question": "support", "answers": ["1", "2"]}],
     "text": "Would you join us and talk with your neighbors, as I do?"},
    {"code": "host_meeting", "kind": "QUESTION_KIND_ASK", "ask": "ASK_KIND_HOST_MEETING", "answers": ["yes", "maybe", "no"],
     "when": [{"question": "volunteer", "answers": ["yes", "maybe"]}],
     "text": "Would you host a meeting with a few neighbors at your home?"},
    {"code": "yard_sign", "kind": "QUESTION_KIND_ASK", "ask": "ASK_KIND_YARD_SIGN", "answers": ["yes", "maybe", "no"],
     "when": [{"question": "support", "answers": ["1"]}],
     "text": "May we put up a yard sign?"},
    {"code": "sign_petition", "kind": "QUESTION_KIND_ASK", "ask": "ASK_KIND_SIGN_PETITION", "answers": ["yes", "maybe", "no"],
     "when": [{"question": "support", "answers": ["1", "2", "3"]}],
     "text": "Would you sign our petition?"},
    {"code": "vote_plan", "kind": "QUESTION_KIND_ASK", "ask": "ASK_KIND_VOTE_PLAN", "answers": ["yes", "maybe", "no"],
     "when": [{"question": "support", "answers": ["1", "2", "3"]}],
     "text": "Do you know when and how you will vote?"}],
  "asks": ["ASK_KIND_VOLUNTEER", "ASK_KIND_HOST_MEETING", "ASK_KIND_YARD_SIGN", "ASK_KIND_SIGN_PETITION",
           "ASK_KIND_VOTE_PLAN"],
  "language": "en"}')
on conflict (campaign_id, name, version) do nothing;

-- name: current_script
-- The newest one.
select script_id, body from script where campaign_id = $1 order by create_time desc, script_id desc limit 1;

-- name: newest_script
select script_id, name, version, source, create_time
from script where campaign_id = $1
order by create_time desc, script_id desc
limit 1;

-- name: find_script
select script_id, name, version, source, create_time from script where campaign_id = $1 and script_id = $2;

-- name: find_script_bodies
-- The questions of these versions.
select s.script_id, s.body
from unnest($2::bigint[]) as asked(script_id)
join script s on s.campaign_id = $1 and s.script_id = asked.script_id;

-- name: lock_scripts
-- One at a time gets the next version.
select campaign_id from campaign where campaign_id = $1 for no key update;

-- name: newest_script_is
-- Whether the newest version is this one: told by PostgreSQL's own form of JSON.
select s.script_id, s.version
from (select script_id, version, source from script where campaign_id = $1
      order by create_time desc, script_id desc limit 1) s
where s.source = $2::jsonb;

-- name: insert_script
insert into script (campaign_id, name, version, source, body, member_id, create_time)
select $1, $2, coalesce(max(s.version), 0) + 1, $3::jsonb, $4::jsonb, $5, clock_timestamp()
from script s where s.campaign_id = $1 and s.name = $2
returning script_id, version;

-- name: list_scripts
-- The newest first, below id $2.
select s.script_id, s.name, s.version, s.create_time, jsonb_array_length(coalesce(s.source -> 'questions', '[]')),
  array(select jsonb_array_elements_text(s.source -> 'languages')),
  (select count(*) from knock k where k.campaign_id = $1 and k.script_id = s.script_id)
from script s
where s.campaign_id = $1 and ($2 = 0 or s.script_id < $2)
order by s.script_id desc
limit $3;
