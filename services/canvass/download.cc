#include "services/canvass/download.h"

#include <sodium.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "base/status.h"
#include "db/store/audit_store.h"
#include "db/store/canvass_store.h"
#include "db/store/change_store.h"
#include "db/store/meeting_store.h"
#include "services/canvass/change_token.h"
#include "services/canvass/scripts.h"
#include "services/canvass/walk_lists.h"
#include "services/rpc/geometry.h"
#include "services/rpc/timestamp.h"

namespace snowfield::canvass {
namespace {
// As the proto says.
constexpr int kMeetingsMax = 5;
constexpr char kPageTokenKind[] = "d1";
constexpr size_t kPageTokenBytesMax = 200;
constexpr size_t kVersionBytes = 12;

// Where a download that was begun goes on.
struct PageToken {
  base::WalkListId walk_list;
  std::string version = {};
  int after_sequence = 0;
  int64_t after_change = 0;  // where the changes go on
};

std::string WritePageToken(const PageToken& token) {
  return absl::WebSafeBase64Escape(absl::StrCat(kPageTokenKind, "/", token.walk_list.value, "/", token.version, "/",
                                                token.after_sequence, "/", token.after_change));
}

absl::StatusOr<PageToken> ReadPageToken(const std::string& text, base::WalkListId walk_list) {
  const absl::Status invalid =
      base::InvalidField("page_token", "PAGE_TOKEN_INVALID",
                         "not a page of this list: send the next_page_token of the page before, or none to begin");
  std::string plain;
  if (text.size() > kPageTokenBytesMax || !absl::WebSafeBase64Unescape(text, &plain)) return invalid;
  const std::vector<std::string> parts = absl::StrSplit(plain, '/');
  PageToken token;
  if (parts.size() != 5 || parts[0] != kPageTokenKind || !absl::SimpleAtoi(parts[1], &token.walk_list.value) ||
      !absl::SimpleAtoi(parts[3], &token.after_sequence) || !absl::SimpleAtoi(parts[4], &token.after_change) ||
      token.walk_list != walk_list || token.after_change < 0) {
    return invalid;
  }
  token.version = parts[2];
  return token;
}

absl::Status AddDoors(db::Transaction& transaction, base::TurfId turf, absl::Time now,
                      v1::DownloadWalkListResponse& list) {
  SNOWFIELD_ASSIGN_OR_RETURN(const std::vector<db::DoorToWalk> doors, db::ListDoorsToWalk(transaction, turf));
  SNOWFIELD_ASSIGN_OR_RETURN(const std::vector<db::PersonToMeet> people, db::ListPeopleToMeet(transaction, turf));
  absl::flat_hash_map<base::DoorId, v1::ListDoor*> by_id;
  for (const db::DoorToWalk& door : doors) {
    v1::ListDoor* out = list.add_doors();
    out->set_door_id(door.door.value);
    out->set_sequence(door.sequence);
    out->set_house_number(door.house_number);
    out->set_street(door.street);
    out->set_unit(door.unit);
    out->mutable_position()->set_longitude(door.longitude);
    out->mutable_position()->set_latitude(door.latitude);
    out->set_do_not_contact(door.do_not_contact);
    out->set_last_result(static_cast<v1::KnockResult>(door.last_result));
    out->set_all_voted(door.all_voted);
    by_id[door.door] = out;
  }
  for (const db::PersonToMeet& person : people) {
    v1::ListPerson* out = by_id[person.door]->add_people();
    out->set_person_id(person.person.value);
    out->set_first_name(person.first_name);
    out->set_last_name(person.last_name);
    out->set_age(db::AgeOf(person.birth_year, now));
    out->set_party(person.party);
  }
  return absl::OkStatus();
}

// All of the list that belongs to its version, and the results.
absl::StatusOr<v1::DownloadWalkListResponse> ReadWhole(db::Transaction& transaction, const MyWalkList& mine,
                                                       const Languages& languages, absl::Time now) {
  v1::DownloadWalkListResponse list;
  list.set_list_number(mine.number);
  list.set_turf_number(mine.list.turf_number);
  SNOWFIELD_RETURN_IF_ERROR(AddDoors(transaction, mine.list.turf, now, list));
  list.set_door_count(list.doors_size());
  SNOWFIELD_ASSIGN_OR_RETURN(*list.mutable_script(), ScriptForPhone(transaction, languages));
  SNOWFIELD_ASSIGN_OR_RETURN(const std::string walk, db::TurfWalk(transaction, mine.list.turf));
  SNOWFIELD_ASSIGN_OR_RETURN(*list.mutable_walk(), rpc::LineFromEwkb(walk));
  SNOWFIELD_ASSIGN_OR_RETURN(const db::ListMoves moves, db::FindListMoves(transaction, mine.list.walk_list));
  list.set_replaces_list_number(moves.replaces);
  for (const base::DoorId door : moves.came) list.add_came_door_ids(door.value);
  for (const base::DoorId door : moves.left) list.add_left_door_ids(door.value);
  return list;
}

// A hash over the list without its results. A later version of the program may give the same list another one; then
// phones download it once more.
std::string VersionOf(v1::DownloadWalkListResponse list) {
  for (v1::ListDoor& door : *list.mutable_doors()) door.clear_last_result();
  const std::string content = list.SerializeAsString();
  unsigned char hash[crypto_hash_sha256_BYTES];
  crypto_hash_sha256(hash, reinterpret_cast<const unsigned char*>(content.data()), content.size());
  return absl::WebSafeBase64Escape(absl::string_view(reinterpret_cast<const char*>(hash), kVersionBytes));
}

// Leaves what the phone does not have yet: the results.
void LeaveOutWhatIsKnown(v1::DownloadWalkListResponse& list) {
  v1::DownloadWalkListResponse short_one;
  short_one.set_list_number(list.list_number());
  short_one.set_turf_number(list.turf_number());
  short_one.set_door_count(list.door_count());
  short_one.set_not_modified(true);
  for (const v1::ListDoor& door : list.doors()) {
    v1::ListDoor* out = short_one.add_doors();
    out->set_door_id(door.door_id());
    out->set_sequence(door.sequence());
    out->set_last_result(door.last_result());
    out->set_do_not_contact(door.do_not_contact());
  }
  list = std::move(short_one);
}

// Leaves the doors of one page; what is no door's is on the first one only.
void LeavePage(int after_sequence, int page_doors, v1::DownloadWalkListResponse& list) {
  v1::DownloadWalkListResponse whole = std::move(list);
  list = {};
  if (after_sequence == 0) {
    list = whole;
    list.clear_doors();
  }
  list.set_list_number(whole.list_number());
  list.set_turf_number(whole.turf_number());
  list.set_door_count(whole.door_count());
  list.set_not_modified(whole.not_modified());
  for (v1::ListDoor& door : *whole.mutable_doors()) {
    if (door.sequence() <= after_sequence) continue;
    if (page_doors > 0 && list.doors_size() == page_doors) break;
    *list.add_doors() = std::move(door);
  }
}

absl::Status AddMeetings(db::Transaction& transaction, const db::WalkListForPhone& mine, absl::Time now,
                         v1::DownloadWalkListResponse& list) {
  SNOWFIELD_ASSIGN_OR_RETURN(const auto offers, db::MeetingsToOffer(transaction, mine.walk_list, now, kMeetingsMax));
  for (const db::MeetingOffer& offer : offers) {
    v1::MeetingOffer* out = list.add_meetings();
    out->set_meeting_id(offer.meeting.value);
    out->set_title(offer.title);
    out->set_place(offer.place);
    *out->mutable_start_time() = rpc::ToTimestamp(offer.start_time);
    out->set_time_zone(offer.time_zone);
    out->set_free_places(static_cast<int32_t>(offer.free_places));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<v1::DownloadWalkListResponse> Download(db::Transaction& transaction, const db::PhoneAtTime& phone,
                                                      const v1::DownloadWalkListRequest& request) {
  if (request.page_doors() < 0 || request.page_doors() > kDownloadPageDoorsMax) {
    return base::InvalidField("page_doors", "PAGE_SIZE_OUT_OF_RANGE",
                              absl::StrCat("send 1 to ", kDownloadPageDoorsMax, " doors, or 0 for the whole list"));
  }
  SNOWFIELD_RETURN_IF_ERROR(CheckLanguages(request.languages()));
  SNOWFIELD_ASSIGN_OR_RETURN(const MyWalkList mine, FindMine(transaction, phone, request.list_number()));
  if (!mine.list.checkout_expire_time.has_value()) {
    return base::NotNow("NOT_CHECKED_OUT", "this phone does not have the list: check it out first");
  }
  PageToken page{.walk_list = mine.list.walk_list};
  const bool is_first = request.page_token().empty();
  if (is_first) {
    SNOWFIELD_ASSIGN_OR_RETURN(const db::ChangeBounds bounds, db::FindChangeBounds(transaction));
    page.after_change = bounds.last;
  } else {
    SNOWFIELD_ASSIGN_OR_RETURN(page, ReadPageToken(request.page_token(), mine.list.walk_list));
  }
  SNOWFIELD_ASSIGN_OR_RETURN(v1::DownloadWalkListResponse list,
                             ReadWhole(transaction, mine, request.languages(), phone.now));
  const std::string version = VersionOf(list);
  if (!is_first && version != page.version) {
    return base::NotNow("FETCH_AGAIN", "the list has changed since its first page: download it again from the start");
  }
  const int last_sequence = list.doors().empty() ? 0 : list.doors().rbegin()->sequence();
  if (request.known_version() == version) LeaveOutWhatIsKnown(list);
  LeavePage(page.after_sequence, request.page_doors(), list);
  page.version = version;
  page.after_sequence = list.doors().empty() ? last_sequence : list.doors().rbegin()->sequence();
  if (page.after_sequence < last_sequence) list.set_next_page_token(WritePageToken(page));
  list.set_version(version);
  list.set_change_token(WriteChangeToken(
      {.campaign = transaction.campaign(), .only_list = mine.list.walk_list, .after = page.after_change}));
  *list.mutable_expire_time() = rpc::ToTimestamp(*mine.list.checkout_expire_time);
  if (is_first) {
    SNOWFIELD_RETURN_IF_ERROR(AddMeetings(transaction, mine.list, phone.now, list));
    SNOWFIELD_RETURN_IF_ERROR(db::WriteAudit(transaction, {.member = phone.member,
                                                           .action = "walk_list.download",
                                                           .subject_kind = "walk_list",
                                                           .subject_id = mine.list.walk_list.value}));
  }
  return list;
}

}  // namespace snowfield::canvass
