#include "services/rpc/stored_json.h"

#include <google/protobuf/util/json_util.h>

namespace snowfield::rpc {

absl::StatusOr<std::string> ToStoredJson(const google::protobuf::Message& message, std::string_view or_else) {
  google::protobuf::util::JsonPrintOptions options;
  options.preserve_proto_field_names = true;
  std::string json;
  if (google::protobuf::util::MessageToJsonString(message, &json, options).ok()) return json;
  return absl::InternalError(std::string(or_else));
}

absl::Status FromStoredJson(const std::string& json, google::protobuf::Message* message, std::string_view or_else) {
  google::protobuf::util::JsonParseOptions options;
  options.ignore_unknown_fields = true;
  if (google::protobuf::util::JsonStringToMessage(json, message, options).ok()) return absl::OkStatus();
  return absl::InternalError(std::string(or_else));
}

}  // namespace snowfield::rpc
