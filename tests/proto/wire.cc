#include "tests/proto/wire.h"

#include <set>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "snowfield/rpc/v1/policy.pb.h"

namespace snowfield::tests {
namespace {
namespace pb = google::protobuf;

constexpr char kOurs[] = "snowfield/";

std::string TypeOf(const pb::FieldDescriptor& field) {
  if (field.message_type() != nullptr) return field.message_type()->full_name();
  if (field.enum_type() != nullptr) return field.enum_type()->full_name();
  return field.type_name();
}

void AddEnum(const pb::EnumDescriptor& type, Wire& wire) {
  for (int i = 0; i < type.value_count(); ++i) {
    wire[absl::StrCat("value ", type.full_name(), ".", type.value(i)->name())] = absl::StrCat(type.value(i)->number());
  }
}

void AddMessage(const pb::Descriptor& type, Wire& wire) {
  for (int i = 0; i < type.field_count(); ++i) {
    const pb::FieldDescriptor& field = *type.field(i);
    wire["field " + field.full_name()] =
        absl::StrCat(field.number(), " ", field.is_repeated() ? "repeated " : "", TypeOf(field),
                     field.real_containing_oneof() == nullptr ? "" : " oneof " + field.real_containing_oneof()->name());
  }
  for (int i = 0; i < type.reserved_range_count(); ++i) {
    for (int number = type.reserved_range(i)->start; number < type.reserved_range(i)->end; ++number) {
      wire[absl::StrCat("reserved ", type.full_name(), ".", number)] = "number";
    }
  }
  for (int i = 0; i < type.reserved_name_count(); ++i) {
    wire[absl::StrCat("reserved ", type.full_name(), ".", type.reserved_name(i))] = "name";
  }
  for (int i = 0; i < type.nested_type_count(); ++i) AddMessage(*type.nested_type(i), wire);
  for (int i = 0; i < type.enum_type_count(); ++i) AddEnum(*type.enum_type(i), wire);
}

void AddService(const pb::ServiceDescriptor& service, Wire& wire) {
  for (int i = 0; i < service.method_count(); ++i) {
    const pb::MethodDescriptor& method = *service.method(i);
    const auto& policy = method.options().GetExtension(rpc::v1::policy);
    wire["rpc " + method.full_name()] =
        absl::StrCat(method.client_streaming() ? "stream " : "", method.input_type()->full_name(), " -> ",
                     method.server_streaming() ? "stream " : "", method.output_type()->full_name(), " ",
                     rpc::v1::Permission_Name(policy.permission()), " ", rpc::v1::Scope_Name(policy.scope()));
  }
}

void AddFile(const pb::FileDescriptor& file, std::set<std::string>& seen, Wire& wire) {
  if (!absl::StartsWith(file.name(), kOurs) || !seen.insert(file.name()).second) return;
  for (int i = 0; i < file.dependency_count(); ++i) AddFile(*file.dependency(i), seen, wire);
  for (int i = 0; i < file.message_type_count(); ++i) AddMessage(*file.message_type(i), wire);
  for (int i = 0; i < file.enum_type_count(); ++i) AddEnum(*file.enum_type(i), wire);
  for (int i = 0; i < file.service_count(); ++i) AddService(*file.service(i), wire);
}

// "field a.b.C.d" with "4 string": are the number 4 and the name d of a.b.C reserved now?
bool IsReserved(const std::string& entry, const std::string& value, const Wire& now) {
  if (!absl::StartsWith(entry, "field ")) return false;
  const size_t space = entry.find(' ');
  const size_t dot = entry.rfind('.');
  const std::string message = entry.substr(space + 1, dot - space - 1);
  const std::string number = value.substr(0, value.find(' '));
  return now.contains(absl::StrCat("reserved ", message, ".", number)) &&
         now.contains(absl::StrCat("reserved ", message, ".", entry.substr(dot + 1)));
}

}  // namespace

Wire WireOf(const pb::FileDescriptor& file) {
  Wire wire;
  std::set<std::string> seen;
  AddFile(file, seen, wire);
  return wire;
}

std::string WireToText(const Wire& wire) {
  std::string text;
  for (const auto& [entry, value] : wire) absl::StrAppend(&text, entry, " = ", value, "\n");
  return text;
}

Wire WireFromText(const std::string& text) {
  Wire wire;
  for (const absl::string_view line : absl::StrSplit(text, '\n', absl::SkipEmpty())) {
    const std::pair<std::string, std::string> parts = absl::StrSplit(line, absl::MaxSplits(" = ", 1));
    wire.insert(parts);
  }
  return wire;
}

std::vector<std::string> Breaks(const Wire& before, const Wire& now) {
  std::vector<std::string> breaks;
  for (const auto& [entry, value] : before) {
    const auto found = now.find(entry);
    if (found == now.end()) {
      if (!IsReserved(entry, value, now)) breaks.push_back(absl::StrCat(entry, " is gone; it was ", value));
    } else if (found->second != value) {
      breaks.push_back(absl::StrCat(entry, " was ", value, " and is ", found->second));
    }
  }
  return breaks;
}

}  // namespace snowfield::tests
