// One call of any RPC, by its descriptor: the request is sent, the stream half-closed, and all answers are read.
// Thread safety: any thread.
#pragma once

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>
#include <grpcpp/channel.h>
#include <grpcpp/support/status.h>

#include <map>
#include <memory>
#include <string>

namespace snowfield::tests {

struct RawAnswer {
  grpc::Status status;
  std::string text;  // all answers in text form
};

using Metadata = std::map<std::string, std::string>;

RawAnswer CallRaw(const std::shared_ptr<grpc::Channel>& channel, const google::protobuf::MethodDescriptor& method,
                  const google::protobuf::Message& request, const Metadata& metadata);

// A message of this type, read from text form; fails the test where it is none.
std::unique_ptr<google::protobuf::Message> ReadMessage(const google::protobuf::Descriptor& type,
                                                       const std::string& text);

}  // namespace snowfield::tests
