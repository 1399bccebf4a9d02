#include "tests/fuzz/message_spoiler.h"

#include <google/protobuf/descriptor.h>

#include <algorithm>
#include <iterator>
#include <limits>
#include <vector>

namespace snowfield::fuzz {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

constexpr int kListGrowth = 600;  // above every limit on a list

}  // namespace

void MessageSpoiler::Spoil(Message* message) {
  for (uint64_t changes = 1 + Below(4); changes > 0; --changes) SpoilOnce(message);
}

void MessageSpoiler::SpoilOnce(Message* message) {
  if (message->GetDescriptor()->field_count() == 0) return;
  const FieldDescriptor* field =
      message->GetDescriptor()->field(static_cast<int>(Below(message->GetDescriptor()->field_count())));
  if (field->is_repeated()) return SpoilList(message, field);
  if (field->type() != FieldDescriptor::TYPE_MESSAGE) return SpoilSingle(message, field);
  const Reflection& reflection = *message->GetReflection();
  if (Below(8) == 0) return reflection.ClearField(message, field);
  SpoilOnce(reflection.MutableMessage(message, field));
}

void MessageSpoiler::SpoilList(Message* message, const FieldDescriptor* field) {
  const Reflection& reflection = *message->GetReflection();
  const int size = reflection.FieldSize(*message, field);
  switch (Below(6)) {
    case 0:
      return reflection.ClearField(message, field);
    case 1:
      if (size > 0) reflection.RemoveLast(message, field);
      return;
    case 2:
      if (size > 1) reflection.SwapElements(message, field, 0, size - 1);
      return;
    case 3:
      if (Below(10) == 0) {
        for (int i = 0; i < kListGrowth; ++i) AddTo(message, field);
        return;
      }
      return AddTo(message, field);
    default:
      if (size == 0 || field->type() != FieldDescriptor::TYPE_MESSAGE) return AddTo(message, field);
      return SpoilOnce(reflection.MutableRepeatedMessage(message, field, static_cast<int>(Below(size))));
  }
}

void MessageSpoiler::AddTo(Message* message, const FieldDescriptor* field) {
  const Reflection& reflection = *message->GetReflection();
  const int size = reflection.FieldSize(*message, field);
  switch (field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32:
      return reflection.AddInt32(message, field, static_cast<int32_t>(AnyInt64()));
    case FieldDescriptor::CPPTYPE_INT64:
      return reflection.AddInt64(message, field, AnyInt64());
    case FieldDescriptor::CPPTYPE_DOUBLE:
      return reflection.AddDouble(message, field, AnyDouble());
    case FieldDescriptor::CPPTYPE_ENUM:
      return reflection.AddEnumValue(message, field, static_cast<int>(AnyInt64()));
    case FieldDescriptor::CPPTYPE_STRING:
      return reflection.AddString(message, field, AnyText(""));
    case FieldDescriptor::CPPTYPE_MESSAGE: {
      Message* added = reflection.AddMessage(message, field);
      if (size > 0) added->CopyFrom(reflection.GetRepeatedMessage(*message, field, static_cast<int>(Below(size))));
      return SpoilOnce(added);
    }
    default:
      return;
  }
}

void MessageSpoiler::SpoilSingle(Message* message, const FieldDescriptor* field) {
  const Reflection& reflection = *message->GetReflection();
  switch (field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32:
      return reflection.SetInt32(message, field, static_cast<int32_t>(AnyInt64()));
    case FieldDescriptor::CPPTYPE_INT64:
      return reflection.SetInt64(message, field, AnyInt64());
    case FieldDescriptor::CPPTYPE_FLOAT:
      return reflection.SetFloat(message, field, static_cast<float>(AnyDouble()));
    case FieldDescriptor::CPPTYPE_DOUBLE:
      return reflection.SetDouble(message, field, AnyDouble());
    case FieldDescriptor::CPPTYPE_BOOL:
      return reflection.SetBool(message, field, Below(2) == 0);
    case FieldDescriptor::CPPTYPE_ENUM:
      return reflection.SetEnumValue(message, field, static_cast<int>(AnyInt64()));
    case FieldDescriptor::CPPTYPE_STRING:
      return reflection.SetString(message, field, AnyText(reflection.GetString(*message, field)));
    default:
      return;
  }
}

int64_t MessageSpoiler::AnyInt64() {
  constexpr int64_t kOdd[] = {0,
                              -1,
                              1,
                              1'000,
                              1'001,
                              std::numeric_limits<int32_t>::max(),
                              std::numeric_limits<int32_t>::min(),
                              std::numeric_limits<int64_t>::max(),
                              std::numeric_limits<int64_t>::min(),
                              253'402'300'800,   // the year 10000, in seconds
                              -62'135'596'801};  // before the year 1
  if (Below(3) > 0) return kOdd[Below(std::size(kOdd))];
  return static_cast<int64_t>(random_() >> Below(64));
}

double MessageSpoiler::AnyDouble() {
  constexpr double kOdd[] = {0,
                             -0.0,
                             180,
                             -180.0000001,
                             90.1,
                             1e308,
                             -1e308,
                             1e-320,
                             std::numeric_limits<double>::quiet_NaN(),
                             std::numeric_limits<double>::infinity(),
                             -std::numeric_limits<double>::infinity()};
  return kOdd[Below(std::size(kOdd))];
}

std::string MessageSpoiler::AnyText(const std::string& now) {
  switch (Below(8)) {
    case 0:
      return "";
    case 1:
      return std::string(1 + Below(10'000), static_cast<char>('!' + Below(90)));
    case 2:
      return std::string("a\0b", 3);
    case 3:
      return "\xF0\x9F\x9A\xAA\xE2\x80\xAE' or 1=1; -- %s{}\r\n";
    case 4:
      return "\xC3\x28\xFF";  // no UTF-8
    case 5: {
      std::string spoilt = now;
      if (!spoilt.empty()) spoilt[Below(spoilt.size())] = static_cast<char>(' ' + Below(95));
      return spoilt;
    }
    case 6:
      return now + now;
    default:
      return now.substr(0, Below(now.size() + 1));
  }
}

}  // namespace snowfield::fuzz
