#include "services/cli/phone/simulated_phone.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "base/list_number.h"
#include "base/status.h"
#include "base/uuid.h"
#include "services/rpc/grpc_status.h"
#include "services/rpc/timestamp.h"
#include "snowfield/canvass/v1/canvass.grpc.pb.h"

namespace snowfield::cli {
namespace {
using canvass::v1::CanvassService;

constexpr absl::Duration kFirstPause = absl::Milliseconds(50);

// One unary call with the client's token.
template <typename Method, typename Request, typename Response>
absl::Status Ask(const Client& client, Method method, const Request& request, Response* response) {
  const auto stub = CanvassService::NewStub(client.channel());
  grpc::ClientContext context;
  client.Prepare(context);
  return rpc::FromGrpcStatus(((*stub).*method)(&context, request, response));
}

// The answer was lost, or the server was busy: the same again may go through.
bool IsPassing(const absl::Status& status) {
  return absl::IsUnavailable(status) || absl::IsDeadlineExceeded(status) || absl::IsAborted(status) ||
         absl::IsResourceExhausted(status);
}

canvass::v1::ListDoor* FindDoor(canvass::v1::DownloadWalkListResponse& list, int64_t door_id) {
  for (canvass::v1::ListDoor& door : *list.mutable_doors()) {
    if (door.door_id() == door_id) return &door;
  }
  return nullptr;
}

// Takes one change into the phone's view of the list.
void Learn(const canvass::v1::Change& change, canvass::v1::DownloadWalkListResponse& list) {
  canvass::v1::ListDoor* door = FindDoor(list, change.door_id());
  if (door == nullptr) return;
  if (change.kind() == canvass::v1::CHANGE_KIND_KNOCK) {
    door->set_last_result(change.result());
  } else if (change.person_ids().empty()) {
    door->set_do_not_contact(true);
    door->clear_people();
  } else {
    auto& people = *door->mutable_people();
    const auto named = [&](const canvass::v1::ListPerson& person) {
      return std::find(change.person_ids().begin(), change.person_ids().end(), person.person_id()) !=
             change.person_ids().end();
    };
    people.erase(std::remove_if(people.begin(), people.end(), named), people.end());
  }
}

}  // namespace

absl::StatusOr<SimulatedPhone> SimulatedPhone::Enrol(const Client& server, const PhoneEnrolment& enrolment) {
  canvass::v1::EnrolPhoneRequest request;
  request.set_code(enrolment.code);
  request.set_label(enrolment.label);
  canvass::v1::EnrolPhoneResponse response;
  SNOWFIELD_RETURN_IF_ERROR(Ask(server.WithToken(""), &CanvassService::Stub::EnrolPhone, request, &response));
  PhoneMemory memory;
  memory.address = server.address();
  memory.token = response.token();
  memory.phone_id = response.phone_id();
  memory.member_id = response.member_id();
  memory.label = enrolment.label;
  memory.boot_id = base::Uuid::Random().ToString();
  return SimulatedPhone(server, std::move(memory));
}

SimulatedPhone::SimulatedPhone(const Client& server, PhoneMemory memory)
    : client_(server.WithToken(memory.token)), memory_(std::move(memory)) {}

absl::StatusOr<std::vector<canvass::v1::WalkListSummary>> SimulatedPhone::ListMine() {
  std::vector<canvass::v1::WalkListSummary> lists;
  canvass::v1::ListMyWalkListsRequest request;
  do {
    canvass::v1::ListMyWalkListsResponse response;
    SNOWFIELD_RETURN_IF_ERROR(Ask(client_, &CanvassService::Stub::ListMyWalkLists, request, &response));
    lists.insert(lists.end(), response.walk_lists().begin(), response.walk_lists().end());
    request.set_page_token(response.next_page_token());
  } while (!request.page_token().empty());
  return lists;
}

absl::StatusOr<canvass::v1::CheckOutWalkListResponse> SimulatedPhone::CheckOut(const std::string& list_number,
                                                                               bool take_over) {
  canvass::v1::CheckOutWalkListRequest request;
  request.set_list_number(list_number);
  request.set_take_over(take_over);
  canvass::v1::CheckOutWalkListResponse response;
  SNOWFIELD_RETURN_IF_ERROR(Ask(client_, &CanvassService::Stub::CheckOutWalkList, request, &response));
  return response;
}

absl::Status SimulatedPhone::Download(const std::string& list_number) {
  canvass::v1::DownloadWalkListRequest request;
  request.set_list_number(list_number);
  canvass::v1::DownloadWalkListResponse response;
  SNOWFIELD_RETURN_IF_ERROR(Ask(client_, &CanvassService::Stub::DownloadWalkList, request, &response));
  memory_.lists[response.list_number()] = std::move(response);
  return absl::OkStatus();
}

absl::StatusOr<const canvass::v1::DownloadWalkListResponse*> SimulatedPhone::FindList(
    const std::string& list_number) const {
  SNOWFIELD_ASSIGN_OR_RETURN(const std::string number, base::ParseListNumber(list_number, "list_number"));
  const auto found = memory_.lists.find(number);
  if (found == memory_.lists.end()) {
    return base::NotNow("NOT_DOWNLOADED", "this phone does not have the list: check it out and download it first");
  }
  return &found->second;
}

absl::Status SimulatedPhone::Return(const std::string& list_number) {
  SNOWFIELD_ASSIGN_OR_RETURN(const std::string number, base::ParseListNumber(list_number, "list_number"));
  canvass::v1::ReturnWalkListRequest request;
  request.set_list_number(number);
  canvass::v1::ReturnWalkListResponse response;
  SNOWFIELD_RETURN_IF_ERROR(Ask(client_, &CanvassService::Stub::ReturnWalkList, request, &response));
  memory_.lists.erase(number);
  return absl::OkStatus();
}

std::string SimulatedPhone::Keep(canvass::v1::Knock knock) {
  knock.set_knock_id(base::Uuid::Random().ToString());
  knock.set_running_number(++memory_.running_number);
  knock.set_boot_id(memory_.boot_id);
  if (const auto list = memory_.lists.find(knock.list_number()); list != memory_.lists.end()) {
    if (canvass::v1::ListDoor* door = FindDoor(list->second, knock.door_id())) door->set_last_result(knock.result());
  }
  std::string id = knock.knock_id();
  memory_.outbox.push_back(std::move(knock));
  return id;
}

absl::StatusOr<canvass::v1::SendKnocksResponse> SimulatedPhone::SendBatch(const canvass::v1::SendKnocksRequest& batch) {
  absl::Duration pause = kFirstPause;
  for (int attempt = 1;; ++attempt) {
    canvass::v1::SendKnocksResponse response;
    const absl::Status status = Ask(client_, &CanvassService::Stub::SendKnocks, batch, &response);
    if (status.ok() && response.answers_size() == batch.knocks_size()) return response;
    if (status.ok()) return absl::InternalError("the server did not answer each knock");
    if (!IsPassing(status) || attempt == kSendAttemptsMax) return status;
    absl::SleepFor(pause);
    pause *= 2;
  }
}

void SimulatedPhone::TakeAnswers(const canvass::v1::SendKnocksResponse& answers, SendOutcome& outcome) {
  for (const canvass::v1::KnockAnswer& answer : answers.answers()) {
    switch (answer.outcome()) {
      case canvass::v1::KNOCK_OUTCOME_ACCEPTED:
        ++outcome.accepted;
        if (!answer.flags().empty()) ++outcome.flagged;
        break;
      case canvass::v1::KNOCK_OUTCOME_DUPLICATE:
        ++outcome.duplicates;
        break;
      case canvass::v1::KNOCK_OUTCOME_CONFLICT:
        ++outcome.conflicts;
        break;
      default:
        ++outcome.rejected;
        memory_.rejected.push_back(answer);
    }
  }
}

absl::StatusOr<SendOutcome> SimulatedPhone::Send(bool twice) {
  SendOutcome outcome;
  while (!memory_.outbox.empty()) {
    canvass::v1::SendKnocksRequest batch;
    const size_t count = std::min<size_t>(memory_.outbox.size(), kPhoneBatchKnocksMax);
    for (size_t i = 0; i < count; ++i) *batch.add_knocks() = memory_.outbox[i];
    SNOWFIELD_ASSIGN_OR_RETURN(const canvass::v1::SendKnocksResponse answers, SendBatch(batch));
    memory_.outbox.erase(memory_.outbox.begin(), memory_.outbox.begin() + static_cast<ptrdiff_t>(count));
    TakeAnswers(answers, outcome);
    ++outcome.batches;
    if (!twice) continue;
    SNOWFIELD_ASSIGN_OR_RETURN(const canvass::v1::SendKnocksResponse again, SendBatch(batch));
    outcome.duplicates += static_cast<int>(
        std::count_if(again.answers().begin(), again.answers().end(), [](const canvass::v1::KnockAnswer& answer) {
          return answer.outcome() == canvass::v1::KNOCK_OUTCOME_DUPLICATE;
        }));
    ++outcome.batches;
  }
  return outcome;
}

std::string SimulatedPhone::KeepAddition(canvass::v1::Addition addition) {
  addition.set_addition_id(base::Uuid::Random().ToString());
  *addition.mutable_phone_time() = rpc::ToTimestamp(absl::Now());
  std::string id = addition.addition_id();
  memory_.additions.push_back(std::move(addition));
  return id;
}

absl::StatusOr<std::vector<canvass::v1::AdditionAnswer>> SimulatedPhone::SendAdditions() {
  std::vector<canvass::v1::AdditionAnswer> answers;
  while (!memory_.additions.empty()) {
    canvass::v1::SendAdditionsRequest batch;
    const size_t count = std::min<size_t>(memory_.additions.size(), kPhoneBatchAdditionsMax);
    for (size_t i = 0; i < count; ++i) *batch.add_additions() = memory_.additions[i];
    canvass::v1::SendAdditionsResponse response;
    SNOWFIELD_RETURN_IF_ERROR(Ask(client_, &CanvassService::Stub::SendAdditions, batch, &response));
    if (response.answers_size() != batch.additions_size()) {
      return absl::InternalError("the server did not answer each addition");
    }
    memory_.additions.erase(memory_.additions.begin(), memory_.additions.begin() + static_cast<ptrdiff_t>(count));
    answers.insert(answers.end(), response.answers().begin(), response.answers().end());
  }
  return answers;
}

void SimulatedPhone::LearnAll(const google::protobuf::RepeatedPtrField<canvass::v1::Change>& changes,
                              canvass::v1::DownloadWalkListResponse& list, Fate& fate) {
  for (const canvass::v1::Change& change : changes) {
    fate.over = fate.over || change.kind() == canvass::v1::CHANGE_KIND_LIST_REVOKED ||
                change.kind() == canvass::v1::CHANGE_KIND_LIST_HANDED_OVER;
    fate.changed = fate.changed || change.kind() == canvass::v1::CHANGE_KIND_LIST_CHANGED;
    Learn(change, list);
  }
}

absl::Status SimulatedPhone::Follow(const std::string& number, const Fate& fate) {
  if (fate.over) {
    memory_.lists.erase(number);
    return absl::OkStatus();
  }
  return fate.changed ? Download(number) : absl::OkStatus();
}

absl::StatusOr<int> SimulatedPhone::FetchChangesOf(canvass::v1::DownloadWalkListResponse& list, Fate& fate) {
  int count = 0;
  canvass::v1::ListChangesResponse response;
  do {
    canvass::v1::ListChangesRequest request;
    request.set_change_token(list.change_token());
    SNOWFIELD_RETURN_IF_ERROR(Ask(client_, &CanvassService::Stub::ListChanges, request, &response));
    LearnAll(response.changes(), list, fate);
    count += response.changes_size();
    list.set_change_token(response.change_token());
  } while (response.more());
  return count;
}

absl::StatusOr<int> SimulatedPhone::FetchChanges() {
  int count = 0;
  std::vector<std::string> numbers;
  for (const auto& [number, list] : memory_.lists) numbers.push_back(number);
  for (const std::string& number : numbers) {
    Fate fate;
    SNOWFIELD_ASSIGN_OR_RETURN(const int changes, FetchChangesOf(memory_.lists[number], fate));
    count += changes;
    SNOWFIELD_RETURN_IF_ERROR(Follow(number, fate));
  }
  return count;
}

absl::StatusOr<int> SimulatedPhone::WaitForChanges(const std::string& list_number, int seconds) {
  SNOWFIELD_RETURN_IF_ERROR(FindList(list_number).status());
  SNOWFIELD_ASSIGN_OR_RETURN(const std::string number, base::ParseListNumber(list_number, "list_number"));
  canvass::v1::DownloadWalkListResponse& list = memory_.lists[number];
  canvass::v1::WaitChangesRequest request;
  request.set_change_token(list.change_token());
  request.set_wait_s(seconds);
  canvass::v1::WaitChangesResponse response;
  SNOWFIELD_RETURN_IF_ERROR(Ask(client_, &CanvassService::Stub::WaitChanges, request, &response));
  Fate fate;
  LearnAll(response.changes(), list, fate);
  list.set_change_token(response.change_token());
  SNOWFIELD_RETURN_IF_ERROR(Follow(number, fate));
  return response.changes_size();
}

}  // namespace snowfield::cli
