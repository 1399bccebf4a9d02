#include "tests/fuzz/phone_fuzz.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>
#include <google/protobuf/stubs/logging.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>

#include "absl/status/status.h"
#include "base/list_number.h"
#include "base/status.h"
#include "base/uuid.h"
#include "services/access/token.h"
#include "services/canvass/additions.h"
#include "services/canvass/change_token.h"
#include "services/canvass/content_hash.h"
#include "services/canvass/ingest.h"
#include "services/canvass/knock_check.h"
#include "services/rpc/paging.h"
#include "snowfield/canvass/v1/canvass.pb.h"
#include "tests/fuzz/message_spoiler.h"

namespace snowfield::fuzz {
namespace {

using google::protobuf::Message;
using namespace canvass::v1;  // NOLINT(google-build-using-namespace): it speaks the wire's language

constexpr size_t kHashBytes = 32;

// Every request of the service, in the order of its RPCs.
const std::vector<const Message*>& Requests() {
  static const auto* const requests = [] {
    auto* all = new std::vector<const Message*>;
    // The service's file, linked in for its descriptor.
    const google::protobuf::ServiceDescriptor* service =
        SendKnocksRequest::descriptor()->file()->FindServiceByName("CanvassService");
    for (int i = 0; i < service->method_count(); ++i) {
      all->push_back(
          google::protobuf::MessageFactory::generated_factory()->GetPrototype(service->method(i)->input_type()));
    }
    return all;
  }();
  return *requests;
}

void Require(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "%s\n", what);
  std::abort();
}

// A refusal is the caller's fault, and names a reason.
void RequireRefusal(const absl::Status& status) {
  if (status.ok()) return;
  Require(absl::IsInvalidArgument(status) || absl::IsUnauthenticated(status) || absl::IsFailedPrecondition(status),
          "refused as if it were the server's fault");
  Require(!base::DetailOf(status).reason.empty(), "refused without a reason");
}

void TryKnocks(const SendKnocksRequest& request) {
  RequireRefusal(canvass::CheckBatch(request));
  for (const Knock& knock : request.knocks()) {
    RequireRefusal(canvass::CheckKnock(knock));
    RequireRefusal(base::Uuid::Parse(knock.knock_id(), "knock_id").status());
    RequireRefusal(base::ParseListNumber(knock.list_number(), "list_number").status());
    const std::string hash = canvass::ContentHash(knock);
    Require(hash.size() == kHashBytes, "a content hash of another length");
    Require(hash == canvass::ContentHash(Knock(knock)), "the same knock with another hash");
  }
}

void TryAdditions(const SendAdditionsRequest& request) {
  RequireRefusal(canvass::CheckAdditions(request));
  for (const Addition& addition : request.additions()) {
    RequireRefusal(canvass::CheckAddition(addition));
    RequireRefusal(base::Uuid::Parse(addition.addition_id(), "addition_id").status());
    const std::string hash = canvass::ContentHash(addition);
    Require(hash.size() == kHashBytes, "a content hash of another length");
    Require(hash == canvass::ContentHash(Addition(addition)), "the same addition with another hash");
  }
}

// Every text that a request may hold, read as each thing that a phone sends as text.
void TryTexts(const Message& request) {
  const google::protobuf::Descriptor& type = *request.GetDescriptor();
  for (int i = 0; i < type.field_count(); ++i) {
    const google::protobuf::FieldDescriptor* field = type.field(i);
    if (field->is_repeated() || field->cpp_type() != google::protobuf::FieldDescriptor::CPPTYPE_STRING) continue;
    const std::string text = request.GetReflection()->GetString(request, field);
    RequireRefusal(canvass::ReadChangeToken(text, base::CampaignId(17)).status());
    RequireRefusal(access::ParseEnrolmentCode(text).status());
    RequireRefusal(access::ParseToken(text).status());
    RequireRefusal(base::ParseListNumber(text, "list_number").status());
    RequireRefusal(rpc::ReadPage("walk_lists", 0, text).status());
  }
}

}  // namespace

void TryPhoneRequest(std::string_view bytes) {
  if (bytes.empty()) return;
  const Message& type = *Requests()[static_cast<unsigned char>(bytes.front()) % Requests().size()];
  const std::unique_ptr<Message> request(type.New());
  if (!request->ParseFromArray(bytes.data() + 1, static_cast<int>(bytes.size() - 1))) return;
  if (const auto* knocks = dynamic_cast<const SendKnocksRequest*>(request.get())) TryKnocks(*knocks);
  if (const auto* additions = dynamic_cast<const SendAdditionsRequest*>(request.get())) TryAdditions(*additions);
  TryTexts(*request);
}

namespace {

SendAdditionsRequest GoodAdditions() {
  SendAdditionsRequest batch;
  for (int i = 1; i <= 2; ++i) {
    Addition& addition = *batch.add_additions();
    addition.set_addition_id("00000000-0000-4000-8000-00000000001" + std::to_string(i));
    addition.set_list_number(base::MakeListNumber(1'234'567));
    addition.mutable_phone_time()->set_seconds(1'790'000'000);
    addition.set_note("Behind the yard.");
    FoundPerson& person = *addition.add_people();
    person.set_first_name("Ada");
    person.set_email("ada@example.org");
  }
  batch.mutable_additions(0)->set_door_id(7);
  FoundDoor& door = *batch.mutable_additions(1)->mutable_found_door();
  door.set_house_number("12 1/2");
  door.set_street("Elm Street NW");
  door.set_unit("Apt 4-B");
  door.mutable_position()->set_longitude(-77);
  door.mutable_position()->set_latitude(38.9);
  return batch;
}

}  // namespace

std::vector<std::string> GoodPhoneRequests() {
  SendKnocksRequest batch;
  for (int i = 1; i <= 3; ++i) {
    Knock& knock = *batch.add_knocks();
    knock.set_knock_id("00000000-0000-4000-8000-00000000000" + std::to_string(i));
    knock.set_door_id(i);
    knock.set_list_number(base::MakeListNumber(1'234'567));
    knock.set_result(KNOCK_RESULT_CANVASSED);
    knock.mutable_phone_time()->set_seconds(1'790'000'000);
    knock.set_boot_id("boot");
    knock.set_running_number(i);
    knock.mutable_position()->set_longitude(-77);
    knock.mutable_position()->set_latitude(38.9);
    knock.set_accuracy_m(8);
    knock.set_note("Says \"come back\".");
    KnockResponse& response = *knock.add_responses();
    response.set_question("support");
    response.set_answer("1");
    KnockAsk& ask = *knock.add_asks();
    ask.set_ask(ASK_KIND_VOLUNTEER);
    ask.set_answer(ASK_ANSWER_MAYBE);
  }
  std::vector<std::string> good;
  for (size_t i = 0; i < Requests().size(); ++i) {
    const google::protobuf::Descriptor* type = Requests()[i]->GetDescriptor();
    std::string bytes;
    if (type == SendKnocksRequest::descriptor()) bytes = batch.SerializeAsString();
    if (type == SendAdditionsRequest::descriptor()) bytes = GoodAdditions().SerializeAsString();
    good.push_back(static_cast<char>(i) + bytes);
  }
  return good;
}

std::string SpoilPhoneRequest(std::string_view bytes, uint64_t seed) {
  if (bytes.empty()) return std::string(1, '\0');
  const Message& type = *Requests()[static_cast<unsigned char>(bytes.front()) % Requests().size()];
  const std::unique_ptr<Message> request(type.New());
  // What is no message is begun anew.
  if (!request->ParseFromArray(bytes.data() + 1, static_cast<int>(bytes.size() - 1))) request->Clear();
  MessageSpoiler(seed).Spoil(request.get());
  return bytes.front() + request->SerializePartialAsString();
}

}  // namespace snowfield::fuzz

// A line for each text that is no UTF-8 would be most of what a run does.
extern "C" int LLVMFuzzerInitialize(int* /*count*/, char*** /*words*/) {
  static const google::protobuf::LogSilencer silence;
  return 0;
}
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  snowfield::fuzz::TryPhoneRequest({reinterpret_cast<const char*>(data), size});
  return 0;
}
extern "C" size_t LLVMFuzzerCustomMutator(uint8_t* data, size_t size, size_t size_max, unsigned int seed) {
  const std::string spoilt = snowfield::fuzz::SpoilPhoneRequest({reinterpret_cast<const char*>(data), size}, seed);
  const size_t kept = std::min(spoilt.size(), size_max);
  std::copy_n(spoilt.begin(), kept, data);
  return kept;
}
