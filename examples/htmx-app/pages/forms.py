"""The forms with fields. Whether a name is free, the mutation says that theirs ends in."""

from board.models import Task
from django import forms


class ProfileForm(forms.Form):
    name = forms.CharField(max_length=60, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    role = forms.CharField(max_length=60)
    bio = forms.CharField(
        max_length=500, required=False, label="About you", widget=forms.Textarea(attrs={"rows": 3})
    )

    def focus(self) -> "ProfileForm":
        """Drawn with the focus on the first field, or the first one that is wrong."""
        first = next(iter(self.errors), "name")
        self.fields[first].widget.attrs["autofocus"] = True
        return self


class TitleForm(forms.ModelForm):
    class Meta:
        model = Task
        fields = ("title",)


class CommentForm(forms.Form):
    text = forms.CharField(max_length=1000)
