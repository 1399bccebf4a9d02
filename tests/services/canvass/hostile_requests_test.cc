// Requests that no phone of ours would send, to a real server with a real database: each is answered, never with a
// fault of the server's, and the server goes on. Seeds are printed; SNOWFIELD_SEED=N begins at another.
#include <google/protobuf/stubs/logging.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/security/credentials.h>
#include <grpcpp/support/byte_buffer.h>
#include <gtest/gtest.h>

#include <cstdlib>

#include "absl/strings/str_cat.h"
#include "tests/fuzz/message_spoiler.h"
#include "tests/services/canvass/field.h"

namespace snowfield::tests {
namespace {
using namespace canvass::v1;  // NOLINT(google-build-using-namespace): a test speaks the wire's language

constexpr int kRequestsOfEachKind = 150;
constexpr size_t kBombBytes = 100'000'000;

uint64_t FirstSeed() {
  const char* said = std::getenv("SNOWFIELD_SEED");
  return said == nullptr ? 1 : std::strtoull(said, nullptr, 10);
}

class HostileRequests : public testing::Test {
 protected:
  HostileRequests() { field_.CheckOut(field_.phone); }

  // The service's unary calls.
  static std::vector<const google::protobuf::MethodDescriptor*> Methods() {
    const google::protobuf::ServiceDescriptor* service =
        SendKnocksRequest::descriptor()->file()->FindServiceByName("CanvassService");
    std::vector<const google::protobuf::MethodDescriptor*> methods;
    for (int i = 0; i < service->method_count(); ++i) {
      if (!service->method(i)->client_streaming() && !service->method(i)->server_streaming()) {
        methods.push_back(service->method(i));
      }
    }
    return methods;
  }

  // A request that this server answers with OK, or near to one.
  std::unique_ptr<google::protobuf::Message> GoodRequest(const google::protobuf::MethodDescriptor& method) {
    std::unique_ptr<google::protobuf::Message> request(
        google::protobuf::MessageFactory::generated_factory()->GetPrototype(method.input_type())->New());
    if (auto* batch = dynamic_cast<SendKnocksRequest*>(request.get())) {
      for (int i = 0; i < 3; ++i) *batch->add_knocks() = field_.Knock(i);
    }
    if (auto* batch = dynamic_cast<SendAdditionsRequest*>(request.get())) {
      for (int i = 0; i < 3; ++i) *batch->add_additions() = field_.FoundPeople(i);
    }
    const google::protobuf::FieldDescriptor* list = request->GetDescriptor()->FindFieldByName("list_number");
    if (list != nullptr) request->GetReflection()->SetString(request.get(), list, field_.lists[0]);
    return request;
  }

  // The bytes as they are: a client of ours would not send some of them.
  grpc::Status Call(const google::protobuf::MethodDescriptor& method, const std::string& bytes) {
    grpc::Slice slice(bytes);
    const grpc::ByteBuffer request(&slice, 1);
    const auto context = field_.As(field_.phone);
    grpc::GenericStub stub(channel_);
    grpc::CompletionQueue queue;
    const auto call = stub.PrepareUnaryCall(
        context.get(), absl::StrCat("/", method.service()->full_name(), "/", method.name()), request, &queue);
    call->StartCall();
    grpc::ByteBuffer response;
    grpc::Status status;
    call->Finish(&response, &status, this);
    void* tag = nullptr;
    bool ok = false;
    EXPECT_TRUE(queue.Next(&tag, &ok));
    return status;
  }

  Field field_;
  const std::shared_ptr<grpc::Channel> channel_ =
      grpc::CreateChannel(field_.address(), grpc::InsecureChannelCredentials());
};

TEST_F(HostileRequests, AreNeverTheServersFault) {
  const google::protobuf::LogSilencer silence;  // a line for each text that is no UTF-8
  uint64_t seed = FirstSeed();
  for (const google::protobuf::MethodDescriptor* method : Methods()) {
    for (int i = 0; i < kRequestsOfEachKind; ++i, ++seed) {
      SCOPED_TRACE(absl::StrCat(method->name(), ", seed ", seed));
      const auto request = GoodRequest(*method);
      fuzz::MessageSpoiler(seed).Spoil(request.get());
      const std::string bytes = request->SerializePartialAsString();
      const std::unique_ptr<google::protobuf::Message> read(request->New());
      const bool readable = read->ParseFromString(bytes);
      const grpc::Status status = Call(*method, bytes);
      ASSERT_NE(status.error_code(), grpc::StatusCode::UNAVAILABLE) << status.error_message();
      if (!readable || status.ok()) continue;
      ASSERT_NE(status.error_code(), grpc::StatusCode::INTERNAL) << status.error_message();
      ASSERT_NE(status.error_code(), grpc::StatusCode::UNKNOWN) << status.error_message();
      ASSERT_FALSE(ReasonOf(status).empty()) << status.error_message();
    }
  }
  EXPECT_EQ(field_.Send({field_.Knock(5)})[0].outcome(), KNOCK_OUTCOME_ACCEPTED);
}

TEST_F(HostileRequests, OfBytesThatAreNoMessageAreAnswered) {
  for (const google::protobuf::MethodDescriptor* method : Methods()) {
    for (const std::string& bytes : {std::string("\xFF\xFF\xFF\xFF"), std::string(100'000, '\x0A')}) {
      EXPECT_FALSE(Call(*method, bytes).ok()) << method->name();
    }
  }
  EXPECT_EQ(field_.Send({field_.Knock(5)})[0].outcome(), KNOCK_OUTCOME_ACCEPTED);
}

// A few kilobytes that unpack to a hundred megabytes: refused by the size of what comes out, before it is all there.
TEST_F(HostileRequests, ThatUnpackToMoreThanAMessageMayHoldAreRefused) {
  SendKnocksRequest batch;
  *batch.add_knocks() = field_.Knock(0);
  batch.mutable_knocks(0)->mutable_note()->resize(kBombBytes, 'a');
  const auto context = field_.As(field_.phone);
  context->set_compression_algorithm(GRPC_COMPRESS_GZIP);
  grpc::ChannelArguments arguments;
  arguments.SetMaxSendMessageSize(-1);
  const auto stub = CanvassService::NewStub(
      grpc::CreateCustomChannel(field_.address(), grpc::InsecureChannelCredentials(), arguments));
  SendKnocksResponse response;
  EXPECT_EQ(stub->SendKnocks(context.get(), batch, &response).error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_EQ(field_.Send({field_.Knock(5)})[0].outcome(), KNOCK_OUTCOME_ACCEPTED);
}

}  // namespace
}  // namespace snowfield::tests
