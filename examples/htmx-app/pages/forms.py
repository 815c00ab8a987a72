"""The forms with fields. What a name must be, the mutation says that they end in."""

from board.models import Comment, Profile, Task
from django import forms


class ProfileForm(forms.ModelForm):
    class Meta:
        model = Profile
        fields = ("name", "role", "bio")
        labels = {"bio": "About you"}
        widgets = {
            "name": forms.TextInput(attrs={"autocomplete": "name"}),
            "bio": forms.Textarea(attrs={"rows": 3}),
        }


class TitleForm(forms.ModelForm):
    class Meta:
        model = Task
        fields = ("title",)


class CommentForm(forms.ModelForm):
    class Meta:
        model = Comment
        fields = ("text",)
        labels = {"text": "Your comment"}
        widgets = {"text": forms.Textarea(attrs={"rows": 3})}
