#include "tests/fault/fault_ground.h"

#include <grpcpp/channel.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>

#include <cstdlib>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "base/status.h"
#include "db/pg/connection.h"
#include "services/rpc/grpc_status.h"

namespace snowfield::tests {
namespace pb = canvass::v1;
namespace {

constexpr int kKnocksPerBatchMax = 40;
constexpr absl::Duration kCallTime = absl::Seconds(10);
constexpr absl::Duration kSilenceMax = absl::Minutes(2);

}  // namespace

uint64_t Environment(const char* name, uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

FaultPhone::FaultPhone(const GroundPhone& phone, const GroundList& list, std::string address, uint64_t seed)
    : phone_(phone), list_(list), address_(std::move(address)), random_(seed) {
  Connect();
}

void FaultPhone::Run(const std::atomic<bool>& stop) {
  absl::Time last_answer = absl::Now();
  while (!stop || !outbox_.knocks().empty()) {
    ASSERT_LT(absl::Now() - last_answer, kSilenceMax) << "the server is gone";
    if (outbox_.knocks().empty()) MakeKnocks();
    if (SendOnce() && ReadOnce()) {
      last_answer = absl::Now();
    } else {
      absl::SleepFor(absl::Milliseconds(50 + random_() % 200));
      Connect();
    }
  }
}

void FaultPhone::ExpectViewOfServer() {
  for (int tries = 0; !ReadOnce(); ++tries) {
    ASSERT_LT(tries, 100) << "the changes can't be read";
    absl::SleepFor(absl::Milliseconds(50));
  }
  pb::DownloadWalkListResponse fresh;
  ASSERT_TRUE(Download(&fresh).ok());
  for (const pb::ListDoor& door : fresh.doors()) {
    EXPECT_EQ(view_[door.door_id()], door.last_result()) << "door " << door.sequence() << " of list " << list_.number;
  }
}

void FaultPhone::Connect() {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 200);
  stub_ =
      pb::CanvassService::NewStub(grpc::CreateCustomChannel(address_, grpc::InsecureChannelCredentials(), arguments));
}

std::unique_ptr<grpc::ClientContext> FaultPhone::As() const {
  auto context = std::make_unique<grpc::ClientContext>();
  context->set_deadline(std::chrono::system_clock::now() + absl::ToChronoMilliseconds(kCallTime));
  context->AddMetadata("authorization", absl::StrCat("Bearer ", phone_.token));
  return context;
}

void FaultPhone::MakeKnocks() {
  const int count = 1 + static_cast<int>(random_() % kKnocksPerBatchMax);
  for (int i = 0; i < count; ++i) {
    pb::Knock knock = MakeKnock(list_, static_cast<int>(random_() % kDoorsPerList), random_);
    // Whom not to contact depends on who is first; that is another test's.
    if (knock.result() == pb::KNOCK_RESULT_DO_NOT_CONTACT) knock.set_result(pb::KNOCK_RESULT_MOVED);
    knock.set_running_number(++running_number_);
    made_.push_back(knock.knock_id());
    *outbox_.add_knocks() = std::move(knock);
  }
}

bool FaultPhone::SendOnce() {
  pb::SendKnocksResponse response;
  const grpc::Status status = stub_->SendKnocks(As().get(), outbox_, &response);
  if (!status.ok()) {
    const absl::Status said = rpc::FromGrpcStatus(status);
    ++refusals_[absl::StrCat(absl::StatusCodeToString(said.code()), " ", base::DetailOf(said).reason)];
    return false;
  }
  for (const pb::KnockAnswer& answer : response.answers()) {
    EXPECT_TRUE(answer.outcome() == pb::KNOCK_OUTCOME_ACCEPTED || answer.outcome() == pb::KNOCK_OUTCOME_DUPLICATE)
        << answer.ShortDebugString();
    ++acknowledged_;
  }
  outbox_.Clear();
  return true;
}

grpc::Status FaultPhone::Download(pb::DownloadWalkListResponse* list) {
  pb::DownloadWalkListRequest request;
  request.set_list_number(list_.number);
  return stub_->DownloadWalkList(As().get(), request, list);
}

bool FaultPhone::ReadOnce() {
  if (token_.empty()) {
    pb::DownloadWalkListResponse list;
    if (!Download(&list).ok()) return false;
    for (const pb::ListDoor& door : list.doors()) view_[door.door_id()] = door.last_result();
    token_ = list.change_token();
    return true;
  }
  pb::ListChangesResponse response;
  do {
    pb::ListChangesRequest request;
    request.set_change_token(token_);
    if (!stub_->ListChanges(As().get(), request, &response).ok()) return false;
    for (const pb::Change& change : response.changes()) {
      if (change.kind() == pb::CHANGE_KIND_KNOCK) view_[change.door_id()] = change.result();
    }
    token_ = response.change_token();
  } while (response.more());
  return true;
}

FaultGround::FaultGround(const ServerProcess& server, uint64_t seed)
    : server_(server), ground_(server.SuperuserConnectionString(), kPhones) {
  for (int p = 0; p < kPhones; ++p) {
    phones_.push_back(
        std::make_unique<FaultPhone>(ground_.phones()[p], ground_.lists()[p], server_.address(), seed + 100 + p));
  }
}

void FaultGround::Begin() {
  stop_ = false;
  for (const auto& phone : phones_) threads_.emplace_back([this, &phone] { phone->Run(stop_); });
}

void FaultGround::Settle() {
  stop_ = true;
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
}

int64_t FaultGround::Count(const std::string& sql) {
  auto connection = db::Connection::Open({.connection_string = server_.SuperuserConnectionString()});
  EXPECT_TRUE(connection.ok()) << connection.status();
  if (!connection.ok()) return -1;
  const std::string name = absl::StrCat("fault.", ++statements_);
  const auto result = (*connection)->Run({name.c_str(), sql.c_str()}, {}, {.deadline = absl::Now() + absl::Minutes(1)});
  EXPECT_TRUE(result.ok()) << result.status();
  return result.ok() ? (*result)[0].Int64(0) : -1;
}

std::map<std::string, int> FaultGround::Refusals() const {
  std::map<std::string, int> all;
  for (const auto& phone : phones_) {
    for (const auto& [code, count] : phone->refusals()) all[code] += count;
  }
  return all;
}

void FaultGround::ExpectSound() {
  size_t made = 0;
  std::string ids;
  for (const auto& phone : phones_) {
    made += phone->made().size();
    EXPECT_EQ(phone->acknowledged(), static_cast<int64_t>(phone->made().size()));
    for (const std::string& id : phone->made()) absl::StrAppend(&ids, ids.empty() ? "'" : ",'", id, "'");
    phone->ExpectViewOfServer();
  }
  EXPECT_EQ(Count(absl::StrCat("select count(*) from knock where knock_id in (", ids, ")")), static_cast<int64_t>(made))
      << "every knock is there once";
  EXPECT_EQ(Count("select count(*) from knock k where (result = 4 or exists (select from knock_ask a where "
                  "a.knock_id = k.knock_id and a.ask = 1 and a.answer = 1)) and not exists (select from follow_up f "
                  "where f.knock_id = k.knock_id)"),
            0)
      << "no follow-up is missing";
  EXPECT_EQ(Count("select count(*) from follow_up f join knock k on k.knock_id = f.knock_id join follow_up_rule r on "
                  "r.rule_id = f.rule_id where r.when_result not in (0, k.result) or f.door_id <> k.door_id"),
            0)
      << "no follow-up is of another knock";
  EXPECT_EQ(Count("select count(*) from change where kind = 'knock'"), Count("select count(*) from knock"));
  EXPECT_EQ(Count("select max(change_number) from change"), Count("select last_change from change_counter"));
  EXPECT_EQ(Count("select count(*) from knock where result = 1") - Count("select count(distinct knock_id) from "
                                                                         "knock_response"),
            0)
      << "no knock without its answers";
}

}  // namespace snowfield::tests
