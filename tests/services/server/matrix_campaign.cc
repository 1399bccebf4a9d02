#include "tests/services/server/matrix_campaign.h"

#include <google/protobuf/descriptor.h>
#include <grpcpp/create_channel.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <regex>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "base/uuid.h"
#include "services/access/token.h"
#include "services/paper/print/page_code.h"

namespace snowfield::tests {
namespace {

// The value of the first field of this name in an answer's text.
std::string FieldIn(const std::string& text, const std::string& field) {
  std::smatch found;
  if (std::regex_search(text, found, std::regex("\\b" + field + ": \"?([^\\s\"]+)"))) return found[1];
  ADD_FAILURE() << "no " << field << " in\n" << text;
  return "0";
}

}  // namespace

MatrixCampaign::MatrixCampaign(bool with_metrics) : foreign_(MakeCampaign(field_.database)) {
  server::ServerOptions options;
  options.listen = "127.0.0.1:0";
  if (with_metrics) options.admin.metrics_listen = "127.0.0.1:0";
  auto server = server::Server::Start(&field_.database.pool(), options, field_.clock);
  EXPECT_TRUE(server.ok()) << server.status();
  server_ = *std::move(server);
  channel_ = grpc::CreateChannel(absl::StrCat("127.0.0.1:", server_->port()), grpc::InsecureChannelCredentials());
  MarkAll();
  MakeTokens();
  MakeWords();
  field_.CheckOut(field_.phone);
  field_.Send({field_.AskKnock(0, canvass::v1::ASK_KIND_VOLUNTEER, canvass::v1::ASK_ANSWER_YES)});
  Resolve("$subject");
  field_.Execute(absl::StrCat("update access_token set label = '", kMark.data(),
                              "' where campaign_id = ", field_.campaign.campaign.value));
  follow_up_ = field_.Count("select follow_up_id from follow_up");
}

void MatrixCampaign::MarkAll() {
  const std::string id = absl::StrCat(field_.campaign.campaign.value);
  for (const char* column :
       {"campaign.name", "member.display_name", "address_point.street", "person.last_name", "pass.name"}) {
    const std::string text = column;
    const size_t dot = text.find('.');
    field_.Execute(absl::StrCat("update ", text.substr(0, dot), " set ", text.substr(dot + 1), " = '", kMark.data(),
                                "' where campaign_id = ", id));
  }
  field_.Execute(absl::StrCat("insert into universe (campaign_id, name) values (", id, ", '", kMark.data(), "')"));
  field_.Execute(
      absl::StrCat("insert into import (campaign_id, kind, dataset, received, inserted, updated, unchanged, rejected, "
                   "absent) values (",
                   id, ", 'addresses', '", kMark.data(), "', 1, 1, 0, 0, 0, 0)"));
  field_.Execute(absl::StrCat(
      "insert into boundary (campaign_id, dataset, row_key, kind, name, code, area) values (", id,
      ", 'd', '1', 'ward', '", kMark.data(),
      "', '1', st_geomfromtext('MULTIPOLYGON(((-77.1 38.8,-77 38.8,-77 39,-77.1 39,-77.1 38.8)))', 4326))"));
  field_.Execute(absl::StrCat(
      "insert into packet (campaign_id, request_id, walk_list_id, member_id, paper_size, large_type, page_count, "
      "door_count) select ",
      "campaign_id, gen_random_uuid(), walk_list_id, leader_id, 'a4', false, 3, 6 from walk_list where campaign_id = ",
      id, " and list_number = '", field_.lists[0], "'"));
  field_.Execute(absl::StrCat("insert into person (campaign_id, dataset, row_key, external_id, match_reason) values (",
                              id, ", 'd', '", kMark.data(), "', '", kMark.data(), "', 'STREET_UNKNOWN')"));
}

int64_t MatrixCampaign::MakeMember(const std::string& role, int slot, bool held_to_branch) {
  return field_.Count(absl::StrCat(
      "insert into member (campaign_id, display_name, role, leader_id, leader_depth, slot, depth, "
      "held_to_branch) values (",
      field_.campaign.campaign.value, ", '", kMark.data(), "', '", role, "', ", field_.campaign.owner.value, ", 0, ",
      slot, ", 1, ", held_to_branch ? "true" : "false", ") returning member_id"));
}

std::string MatrixCampaign::TokenOf(int64_t member) {
  return MakeToken(field_.database, field_.campaign.campaign, base::MemberId(member));
}

void MatrixCampaign::MakeTokens() {
  const TestCampaign& campaign = field_.campaign;
  tokens_[CallerKind::kExpired] = MakeToken(field_.database, campaign.campaign, campaign.owner, base::PhoneId(),
                                            field_.clock.Now() - absl::Seconds(1));
  tokens_[CallerKind::kRevoked] = TokenOf(campaign.owner.value);
  field_.Execute(absl::StrCat("update access_token set revoke_time = now() where campaign_id = ",
                              campaign.campaign.value, " and token_id = (select max(token_id) from access_token)"));
  tokens_[CallerKind::kCanvasser] = field_.phone;
  tokens_[CallerKind::kOtherCanvasser] = field_.other_phone;
  tokens_[CallerKind::kLeader] = field_.leader_token;
  tokens_[CallerKind::kOtherLeader] = field_.other_leader_token;
  tokens_[CallerKind::kClerk] = TokenOf(MakeMember("clerk", 3));
  tokens_[CallerKind::kDirector] = TokenOf(MakeMember("director", 4));
  tokens_[CallerKind::kForeignOwner] = foreign_.owner_token;
  tokens_[CallerKind::kOwner] = campaign.owner_token;
  tokens_[CallerKind::kOrganizer] = TokenOf(MakeMember("organizer", 5));
  tokens_[CallerKind::kBranchOrganizer] = TokenOf(MakeMember("organizer", 6, /*held_to_branch=*/true));
  tokens_[CallerKind::kViewer] = TokenOf(MakeMember("viewer", 7));
}

void MatrixCampaign::MakeWords() {
  const auto number = [](int64_t value) { return [value] { return absl::StrCat(value); }; };
  words_["leader"] = number(field_.leader.value);
  words_["other_leader"] = number(field_.other_leader.value);
  words_["canvasser"] = number(field_.canvasser.value);
  words_["door"] = number(field_.doors[0]);
  words_["person"] = number(field_.people[0]);
  words_["cut"] = number(field_.cut_id);
  words_["now"] = number(absl::ToUnixSeconds(field_.clock.Now()));
  words_["turf"] = number(field_.Count("select min(turf_id) from turf"));
  MakePaper();
  words_["list"] = [this] { return field_.lists[0]; };
  words_["uuid"] = [] { return base::Uuid::Random().ToString(); };
  words_["follow_up"] = [this] { return absl::StrCat(follow_up_); };
  words_["token"] = [this] {
    TokenOf(field_.canvasser.value);
    return absl::StrCat(field_.Count("select max(token_id) from access_token"));
  };
  words_["spare_phone"] = [this] {
    field_.MakePhone(field_.canvasser);
    return absl::StrCat(field_.Count("select max(phone_id) from phone"));
  };
  words_["issuer"] = [this] {
    AsOwner("access.v1.AccessService.SetIssuer", "issuer { issuer: 'https://snowmark.example' audience: 'Snowmark' }");
    return std::string("https://snowmark.example");
  };
  words_["subject"] = [this] {
    AsOwner("access.v1.AccessService.LinkSubject",
            "subject { issuer: '$issuer' subject: 'Snowmark' member_id: $canvasser }");
    return std::string("Snowmark");
  };
  words_["code"] = [this] {
    return FieldIn(AsOwner("access.v1.AccessService.CreateEnrolmentCode", "member_id: $canvasser"), "code");
  };
  words_["team_mate"] = number(field_.Count(absl::StrCat(
      "insert into member (campaign_id, display_name, role, leader_id, leader_depth, slot, depth) values (",
      field_.campaign.campaign.value, ", '", kMark.data(), "', 'canvasser', ", field_.leader.value,
      ", 1, 8, 2) returning member_id")));
  field_.Execute(absl::StrCat("insert into training_module (campaign_id, code, name) values (",
                              field_.campaign.campaign.value, ", 'walk', '", kMark.data(), "')"));
  words_["proposal"] = number(field_.Count(absl::StrCat(
      "insert into proposal (campaign_id, kind, subject_id, evidence) values (", field_.campaign.campaign.value,
      ", 'lead', ", field_.canvasser.value, ", '{}') returning proposal_id")));
  const int64_t meeting = field_.Count(absl::StrCat(
      "insert into meeting (campaign_id, kind, title, host_id, start_time, end_time, time_zone, capacity, update_time, "
      "request_id) values (",
      field_.campaign.campaign.value, ", 'event', '", kMark.data(), "', ", field_.leader.value,
      ", now() - interval '1 hour', now() + interval '1 day', 'UTC', 5, now(), gen_random_uuid()) returning "
      "meeting_id"));
  words_["meeting"] = number(meeting);
  words_["guest"] = number(field_.Count(absl::StrCat(
      "insert into meeting_guest (campaign_id, meeting_id, capacity, member_id) values (",
      field_.campaign.campaign.value, ", ", meeting, ", 5, ", field_.canvasser.value, ") returning guest_id")));
  words_["rule"] = number(field_.Count(
      absl::StrCat("select max(rule_id) from follow_up_rule where campaign_id = ", field_.campaign.campaign.value)));
  words_["tomorrow"] = number(absl::ToUnixSeconds(field_.clock.Now() + absl::Hours(24)));
  words_["fresh_follow_up"] = [this] { return FreshFollowUp(); };
  words_["dead_follow_up"] = [this] {
    std::string follow_up = FreshFollowUp();
    field_.Execute(absl::StrCat("update follow_up set state = 'dead', complete_time = now(), completed_by = owner_id ",
                                "where follow_up_id = ", follow_up));
    return follow_up;
  };
  words_["done_cut"] = [this] { return StartCutAndWait(); };
  words_["running_cut"] = [this] {
    return absl::StrCat(field_.Count(absl::StrCat(
        "insert into cut (campaign_id, pass_id, state, target_doors, min_doors, max_doors, seed) select campaign_id, "
        "pass_id, 'running', 6, 1, 9, 1 from cut where cut_id = ",
        field_.cut_id, " returning cut_id")));
  };
  words_["edit"] = [this] { return MoveADoor(); };
  words_["applied"] = [this] {
    return FieldIn(
        AsOwner("turf.v1.TurfService.ApplyEdit", absl::StrCat("cut_id: $cut request_id: '$uuid' ", MoveADoor())),
        "edit_number");
  };
}

// A sheet with one row in a batch of the leader's.
void MatrixCampaign::MakePaper() {
  const std::string campaign = absl::StrCat(field_.campaign.campaign.value);
  const int64_t packet = field_.Count(absl::StrCat("select max(packet_id) from packet where campaign_id = ", campaign));
  field_.Execute(
      absl::StrCat("insert into packet_row (campaign_id, packet_id, page, sequence, door_id, person_ids) values (",
                   campaign, ", ", packet, ", 3, 1, ", field_.doors[0], ", array[", field_.people[0], "::bigint])"));
  const int64_t batch = FreshBatch();
  field_.Execute(
      absl::StrCat("insert into paper_page (campaign_id, packet_id, page, paper_batch_id, state, member_id, "
                   "page_time) values (",
                   campaign, ", ", packet, ", 3, ", batch, ", 'in', ", field_.leader.value, ", now())"));
  words_["packet"] = [packet] { return absl::StrCat(packet); };
  words_["batch"] = [batch] { return absl::StrCat(batch); };
  words_["fresh_batch"] = [this] { return absl::StrCat(FreshBatch()); };
  words_["closed_batch"] = [this] {
    const int64_t closed = FreshBatch();
    field_.Execute(absl::StrCat(
        "update paper_batch set close_time = now(), closed_by = member_id where paper_batch_id = ", closed));
    return absl::StrCat(closed);
  };
  words_["page_code"] = [packet] { return paper::TypedText({.packet_id = packet, .page = 3, .pages = 3}); };
}

int64_t MatrixCampaign::FreshBatch() {
  return field_.Count(absl::StrCat(
      "insert into paper_batch (campaign_id, request_id, member_id, walk_time, second_entry, open_time) values (",
      field_.campaign.campaign.value, ", gen_random_uuid(), ", field_.leader.value,
      ", now() - interval '1 hour', false, now()) returning paper_batch_id"));
}

std::string MatrixCampaign::FreshFollowUp() {
  field_.Send({field_.AskKnock(3, canvass::v1::ASK_KIND_VOLUNTEER, canvass::v1::ASK_ANSWER_YES)});
  return absl::StrCat(field_.Count("select max(follow_up_id) from follow_up"));
}

std::string MatrixCampaign::StartCutAndWait() {
  const std::string started =
      AsOwner("turf.v1.TurfService.StartCut",
              absl::StrCat("request_id: '$uuid' target_doors: 3 pass_name: '", kMark.data(), "'"));
  std::string cut = FieldIn(started, "cut_id");
  AsOwner("turf.v1.TurfService.WatchCut", "cut_id: " + cut);
  return cut;
}

// The first door goes to the turf of the two that it is not in now.
std::string MatrixCampaign::MoveADoor() {
  const int64_t now_in = field_.Count(absl::StrCat(
      "select t.number::bigint from turf_door d join turf t on t.campaign_id = d.campaign_id and t.turf_id = d.turf_id "
      "where d.cut_id = ",
      field_.cut_id, " and d.door_id = ", field_.doors[0]));
  const std::string edit = absl::StrCat("edit { move { door_ids: $door to_turf_number: ", now_in == 1 ? 2 : 1, " } }");
  const std::string preview = AsOwner("turf.v1.TurfService.PreviewEdit", "cut_id: $cut " + edit);
  return absl::StrCat(Resolve(edit), " etag: '", FieldIn(preview, "etag"), "'");
}

std::string MatrixCampaign::AsOwner(std::string_view method, const std::string& request) {
  const RawAnswer answer = Call(method, request, CallerKind::kOwner);
  EXPECT_TRUE(answer.status.ok()) << method << ": " << ReasonOf(answer.status) << " " << answer.status.error_message();
  return answer.text;
}

std::string MatrixCampaign::Resolve(std::string_view text) {
  std::string resolved;
  for (size_t at = 0; at < text.size();) {
    if (text[at] != '$') {
      resolved.push_back(text[at++]);
      continue;
    }
    size_t end = at + 1;
    while (end < text.size() && (absl::ascii_isalpha(text[end]) || text[end] == '_')) ++end;
    const auto word = words_.find(std::string(text.substr(at + 1, end - at - 1)));
    if (word == words_.end()) {
      ADD_FAILURE() << "no such word in " << text;
    } else {
      resolved += word->second();
    }
    at = end;
  }
  return resolved;
}

void MatrixCampaign::BreakDatabase() {
  field_.Execute("alter table audit_log rename column detail to detail_gone");
  field_.Execute("alter table person add constraint person_broken_ck check (last_name <> 'Snowmark') not valid");
  field_.Execute("alter table person rename column last_name to last_name_gone");
}

std::string MatrixCampaign::ClusterFolder() {
  auto transaction = field_.database.superuser_pool().Begin({});
  const db::Query query = {"matrix_campaign.data_directory", "select current_setting('data_directory')"};
  const auto row = transaction->Run(query);
  EXPECT_TRUE(row.ok()) << row.status();
  return std::filesystem::path(std::string((*row)[0].Text(0))).parent_path();
}

RawAnswer MatrixCampaign::Call(std::string_view method, std::string_view request, CallerKind caller,
                               const std::function<void(google::protobuf::Message&)>& change) {
  const std::string full_name = absl::StrCat("snowfield.", std::string(method));
  const auto* descriptor = google::protobuf::DescriptorPool::generated_pool()->FindMethodByName(full_name);
  if (descriptor == nullptr) {
    ADD_FAILURE() << "there is no " << full_name;
    return {};
  }
  const auto message = ReadMessage(*descriptor->input_type(), Resolve(request));
  change(*message);
  Metadata metadata;
  if (caller != CallerKind::kNone) metadata["authorization"] = absl::StrCat("Bearer ", tokens_[caller]);
  return CallRaw(channel_, *descriptor, *message, metadata);
}

}  // namespace snowfield::tests
