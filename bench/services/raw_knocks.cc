#include "bench/services/raw_knocks.h"

#include <optional>

#include "base/uuid.h"
#include "db/pg/transaction.h"
#include "services/canvass/content_hash.h"
#include "services/rpc/timestamp.h"

namespace snowfield::bench {
namespace {
namespace pb = canvass::v1;

const db::Query kKnocks = {
    "raw_knocks.knocks",
    "insert into knock (campaign_id, knock_id, content_hash, door_id, walk_list_id, member_id, phone_id, result, note, "
    "phone_time, boot_id, monotonic_ms, running_number, position, accuracy_m, knock_time) select $1, k.id, k.hash, "
    "k.door, k.list, k.member, k.phone, k.result, k.note, k.phone_time, k.boot, k.ms, k.number, "
    "st_setsrid(st_makepoint(k.longitude, k.latitude), 4326), k.accuracy, k.phone_time from unnest($2::uuid[], "
    "$3::bytea[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[], $8::integer[], $9::text[], "
    "$10::timestamptz[], $11::text[], $12::bigint[], $13::bigint[], $14::float8[], $15::float8[], $16::float8[]) as "
    "k(id, hash, door, list, member, phone, result, note, phone_time, boot, ms, number, longitude, latitude, "
    "accuracy)"};
const db::Query kResponses = {
    "raw_knocks.responses",
    "insert into knock_response (campaign_id, knock_id, ordinal, person_id, question, answer) select $1, r.id, 1, "
    "r.person, r.question, r.answer from unnest($2::uuid[], $3::bigint[], $4::text[], $5::text[]) as r(id, person, "
    "question, answer)"};
const db::Query kAsks = {
    "raw_knocks.asks",
    "insert into knock_ask (campaign_id, knock_id, ordinal, person_id, ask, answer) select $1, a.id, 1, a.person, "
    "a.ask, a.answer from unnest($2::uuid[], $3::bigint[], $4::integer[], $5::integer[]) as a(id, person, ask, "
    "answer)"};
const db::Query kFollowUps = {
    "raw_knocks.follow_ups",
    "insert into follow_up (campaign_id, knock_id, rule_id, door_id, person_id, queue, owner_id, priority, due_time) "
    "select $1, f.id, f.rule, f.door, f.person, 'volunteer', f.owner, 2, now() + interval '48 hours' from "
    "unnest($2::uuid[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[]) as f(id, rule, door, person, owner)"};
const db::Query kChanges = {
    "raw_knocks.changes",
    "insert into change (campaign_id, change_number, kind, walk_list_id, door_id, knock_id) select $1, $2 + c.ordinal, "
    "'knock', c.list, c.door, c.id from unnest($3::uuid[], $4::bigint[], $5::bigint[]) with ordinality as c(id, list, "
    "door, ordinal)"};
const db::Query kDoNotContact = {"raw_knocks.do_not_contact",
                                 "update door set do_not_contact = true where campaign_id = $1 and door_id = "
                                 "any($2::bigint[]) and not do_not_contact"};
}  // namespace

RawKnocks::RawKnocks(KnockWorld& world)
    : world_(world),
      next_change_(-(int64_t{1} << 40)),
      volunteer_rule_(world.Number("select rule_id from follow_up_rule where name = 'volunteer: yes'")),
      come_back_rule_(world.Number("select rule_id from follow_up_rule where name = 'come back'")) {}

void RawKnocks::Store(const std::vector<KnockOf>& batch) {
  std::vector<base::Uuid> ids, response_ids, ask_ids, follow_up_ids;
  std::vector<std::string> hashes, notes, boots, questions, answers;
  std::vector<int64_t> doors, lists, members, phones, ms, numbers, response_people, ask_people, rules, follow_up_doors,
      owners, stops;
  std::vector<std::optional<int64_t>> follow_up_people;
  std::vector<int32_t> results, asks, ask_answers;
  std::vector<absl::Time> times;
  std::vector<double> longitudes, latitudes, accuracies;
  for (const KnockOf& of : batch) {
    const pb::Knock& k = of.knock;
    const base::Uuid id = Require(base::Uuid::Parse(k.knock_id(), "knock_id"));
    ids.push_back(id);
    hashes.push_back(canvass::ContentHash(k));
    doors.push_back(k.door_id());
    lists.push_back(of.list->walk_list.value);
    members.push_back(of.phone->member.value);
    phones.push_back(of.phone->phone.value);
    results.push_back(k.result());
    notes.push_back(k.note());
    times.push_back(Require(rpc::FromTimestamp(k.phone_time(), "phone_time")));
    boots.push_back(k.boot_id());
    ms.push_back(k.monotonic_ms());
    numbers.push_back(k.running_number());
    longitudes.push_back(k.position().longitude());
    latitudes.push_back(k.position().latitude());
    accuracies.push_back(k.accuracy_m());
    for (const pb::KnockResponse& r : k.responses()) {
      response_ids.push_back(id);
      response_people.push_back(r.person_id());
      questions.push_back(r.question());
      answers.push_back(r.answer());
    }
    const auto follow_up = [&](int64_t rule, std::optional<int64_t> person) {
      follow_up_ids.push_back(id);
      rules.push_back(rule);
      follow_up_doors.push_back(k.door_id());
      follow_up_people.push_back(person);
      owners.push_back(of.list->leader.value);
    };
    for (const pb::KnockAsk& a : k.asks()) {
      ask_ids.push_back(id);
      ask_people.push_back(a.person_id());
      asks.push_back(a.ask());
      ask_answers.push_back(a.answer());
      if (a.answer() == pb::ASK_ANSWER_YES) follow_up(volunteer_rule_, a.person_id());
    }
    if (k.result() == pb::KNOCK_RESULT_COME_BACK) follow_up(come_back_rule_, std::nullopt);
    if (k.result() == pb::KNOCK_RESULT_DO_NOT_CONTACT) stops.push_back(k.door_id());
  }
  const auto campaign = [&] { return db::Params().Id(world_.campaign()); };
  db::Transaction transaction = Require(world_.superuser_pool().Begin({.campaign = world_.campaign()}));
  Require(transaction
              .Run(kKnocks, campaign()
                                .Uuids(ids)
                                .Byteas(hashes)
                                .Int64s(doors)
                                .Int64s(lists)
                                .Int64s(members)
                                .Int64s(phones)
                                .Int32s(results)
                                .Texts(notes)
                                .Times(times)
                                .Texts(boots)
                                .Int64s(ms)
                                .Int64s(numbers)
                                .Doubles(longitudes)
                                .Doubles(latitudes)
                                .Doubles(accuracies))
              .status());
  Require(transaction
              .Run(kResponses, campaign().Uuids(response_ids).Int64s(response_people).Texts(questions).Texts(answers))
              .status());
  Require(
      transaction.Run(kAsks, campaign().Uuids(ask_ids).Int64s(ask_people).Int32s(asks).Int32s(ask_answers)).status());
  Require(transaction
              .Run(kFollowUps, campaign()
                                   .Uuids(follow_up_ids)
                                   .Int64s(rules)
                                   .Int64s(follow_up_doors)
                                   .Int64s(follow_up_people)
                                   .Int64s(owners))
              .status());
  if (!stops.empty()) Require(transaction.Run(kDoNotContact, campaign().Int64s(stops)).status());
  const auto count = static_cast<int64_t>(batch.size());
  Require(
      transaction.Run(kChanges, campaign().Int64(next_change_.fetch_add(count)).Uuids(ids).Int64s(lists).Int64s(doors))
          .status());
  Require(transaction.Commit());
}

}  // namespace snowfield::bench
